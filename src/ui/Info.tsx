import { ActionIcon, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { InfoIcon } from './icons.tsx';
import styles from './Info.module.css';

interface InfoProps {
  /** What it is about, in the button's name: "About the curves". */
  readonly label: string;
  readonly children: ReactNode;
}

/** A small button beside a caption that shows the rest of it above the page, so that nothing moves. */
export function Info({ label, children }: InfoProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      width={340}
      shadow="md"
      withinPortal={false}
    >
      <Popover.Target>
        <ActionIcon
          className={styles.button}
          variant="subtle"
          color="gray"
          size={24}
          aria-label={label}
          onClick={() => setOpen(!isOpen)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setOpen(false);
          }}
        >
          <InfoIcon />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.text}>{children}</Popover.Dropdown>
    </Popover>
  );
}
