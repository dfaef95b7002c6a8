import { Popover, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { InfoIcon } from './icons.tsx';
import styles from './Info.module.css';

interface InfoProps {
  /** What the explanation is about, as the name of the button. */
  readonly label: string;
  readonly children: ReactNode;
}

/** An ⓘ that opens an explanation. */
export function Info({ label, children }: InfoProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} width={320} shadow="sm" withinPortal={false}>
      <Popover.Target>
        <UnstyledButton
          className={styles.button}
          aria-label={label}
          onClick={() => setOpen(!isOpen)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setOpen(false);
          }}
        >
          <InfoIcon />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={styles.text}>{children}</Popover.Dropdown>
    </Popover>
  );
}
