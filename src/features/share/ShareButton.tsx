import { Button, Popover, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { linkedPart } from '../../experiment/link/link.ts';
import { useLabActions } from '../../experiment/useLab.ts';
import { copyText } from '../../ui/fields/copyText.ts';
import { ShareIcon } from '../../ui/icons.tsx';
import { onDemand } from '../../ui/onDemand/onDemand.tsx';
import type { Lesson } from './lesson.ts';
import styles from './Share.module.css';
import { type CopyOutcome, describeOutcome } from './outcome.ts';
import { addressOf } from './shareAddress.ts';

const SharePanel = onDemand('Sharing', async () => (await import('./SharePanel.tsx')).SharePanel, {
  kind: 'content',
});

/** Copies a link to the experiment and the view, and shows it. */
export function ShareButton() {
  const lab = useLabActions();
  const [isOpen, setOpen] = useState(false);
  const [lesson, setLesson] = useState<Lesson>({ hidden: [], place: 'lab' });
  const [outcome, setOutcome] = useState<CopyOutcome | null>(null);

  async function copy(address: string): Promise<void> {
    const isCopied = await copyText(address);
    setOutcome({ address, isCopied });
  }

  function open(): void {
    const state = lab.store.getState();
    const part = linkedPart(state);
    setLesson({ hidden: state.hiddenPanels, place: state.place });
    setOutcome(null);
    setOpen(true);
    void copy(addressOf(part));
  }

  return (
    <>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        position="bottom-end"
        trapFocus
        returnFocus
        shadow="md"
      >
        <Popover.Target>
          <Button
            className={styles.button}
            data-opens="share"
            variant="default"
            leftSection={<ShareIcon />}
            onClick={() => (isOpen ? setOpen(false) : open())}
          >
            <span className={styles.word}>Share</span>
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={styles.dropdown}>
          <SharePanel
            lesson={lesson}
            onChange={setLesson}
            outcome={outcome}
            onCopy={(address) => void copy(address)}
          />
        </Popover.Dropdown>
      </Popover>
      {/* The live region must exist before its text changes, or screen readers would not announce it. */}
      <VisuallyHidden role="status" aria-label="Share">
        {isOpen && outcome && describeOutcome(outcome, outcome.address)}
      </VisuallyHidden>
    </>
  );
}
