import { Button, Popover, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { linkedPart } from '../../experiment/link/link.ts';
import type { HideablePanel } from '../../experiment/state.ts';
import { useLabActions } from '../../experiment/useLab.ts';
import { copyText } from '../../ui/fields/copyText.ts';
import { ShareIcon } from '../../ui/icons.tsx';
import styles from './Share.module.css';
import { type CopyOutcome, describeOutcome } from './outcome.ts';
import { SharePanel } from './SharePanel.tsx';
import { addressOf } from './shareAddress.ts';

/** Copies a link to the experiment and the view, and shows it. */
export function ShareButton() {
  const lab = useLabActions();
  const [isOpen, setOpen] = useState(false);
  const [hidden, setHidden] = useState<readonly HideablePanel[]>([]);
  const [outcome, setOutcome] = useState<CopyOutcome | null>(null);

  async function copy(address: string): Promise<void> {
    const isCopied = await copyText(address);
    setOutcome({ address, isCopied });
  }

  function open(): void {
    const part = linkedPart(lab.store.getState());
    setHidden(part.hiddenPanels);
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
            variant="default"
            leftSection={<ShareIcon />}
            onClick={() => (isOpen ? setOpen(false) : open())}
          >
            <span className={styles.word}>Share</span>
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={styles.dropdown}>
          <SharePanel
            hidden={hidden}
            onHide={setHidden}
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
