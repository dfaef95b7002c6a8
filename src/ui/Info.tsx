import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useOpener } from './floating/useOpener.ts';
import { InfoIcon } from './icons.tsx';
import styles from './Info.module.css';
import { onDemand } from './onDemand/onDemand.tsx';

const InfoPopover = onDemand(
  'The explanation',
  async () => (await import('./InfoPopover.tsx')).InfoPopover,
  { kind: 'floating' },
);

interface InfoProps {
  /** What the explanation is about, as the name of the button. */
  readonly label: string;
  readonly children: ReactNode;
}

/** An ⓘ that opens an explanation. */
export function Info({ label, children }: InfoProps) {
  const { button, anchored } = useOpener('dialog');
  return (
    <>
      <UnstyledButton className={styles.button} aria-label={label} {...button}>
        <InfoIcon />
      </UnstyledButton>
      {anchored && <InfoPopover {...anchored}>{children}</InfoPopover>}
    </>
  );
}
