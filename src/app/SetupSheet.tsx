import { Button, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { SettingsIcon } from '../ui/icons.tsx';
import styles from './Page.module.css';

/** On phones, a button opens the setup in a sheet at the bottom. */
export function SetupSheet({ children }: { readonly children: ReactNode }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        className={styles.setupButton}
        variant="default"
        aria-label="Setup"
        aria-haspopup="dialog"
        onClick={open}
      >
        <SettingsIcon />
      </Button>
      <Drawer.Root opened={isOpen} onClose={close} position="bottom" size="88dvh">
        <Drawer.Overlay />
        <Drawer.Content aria-label="Settings of the next run">
          <Drawer.Body className={styles.sheet}>
            <Drawer.CloseButton className={styles.sheetClose} aria-label="Close" size="lg" />
            {children}
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    </>
  );
}
