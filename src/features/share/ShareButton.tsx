import { Button, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { linkedPart } from '../../experiment/link/link.ts';
import { useLabActions } from '../../experiment/useLab.ts';
import { copyText } from '../../ui/fields/copyText.ts';
import { useOpener } from '../../ui/floating/useOpener.ts';
import { ShareIcon } from '../../ui/icons.tsx';
import { onDemand } from '../../ui/onDemand/onDemand.tsx';
import type { Lesson } from './lesson.ts';
import styles from './Share.module.css';
import { type CopyOutcome, describeOutcome } from './outcome.ts';
import { addressOf } from './shareAddress.ts';

const SharePopover = onDemand(
  'Sharing',
  async () => (await import('./SharePopover.tsx')).SharePopover,
  { kind: 'floating' },
);

/** Copies a link to the experiment and the view, and shows it. */
export function ShareButton() {
  const lab = useLabActions();
  const [lesson, setLesson] = useState<Lesson>({ hidden: [], place: 'lab' });
  const [outcome, setOutcome] = useState<CopyOutcome | null>(null);

  async function copy(address: string): Promise<void> {
    const isCopied = await copyText(address);
    setOutcome({ address, isCopied });
  }

  const { button, isOpen, anchored } = useOpener('dialog', () => {
    const state = lab.store.getState();
    const part = linkedPart(state);
    setLesson({ hidden: state.hiddenPanels, place: state.place });
    setOutcome(null);
    void copy(addressOf(part));
  });

  return (
    <>
      <Button
        className={styles.button}
        data-opens="share"
        variant="default"
        leftSection={<ShareIcon />}
        {...button}
      >
        <span className={styles.word}>Share</span>
      </Button>
      {anchored && (
        <SharePopover
          {...anchored}
          lesson={lesson}
          onChangeLesson={setLesson}
          outcome={outcome}
          onCopy={(address) => void copy(address)}
        />
      )}
      {/* The live region must exist before its text changes, or screen readers would not announce it. */}
      <VisuallyHidden role="status" aria-label="Share">
        {isOpen && outcome && describeOutcome(outcome, outcome.address)}
      </VisuallyHidden>
    </>
  );
}
