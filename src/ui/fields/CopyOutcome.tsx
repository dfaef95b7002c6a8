import { Button } from '@mantine/core';
import { useId } from 'react';
import styles from './CopyOutcome.module.css';
import type { Copied } from './useClipboard.ts';

interface CopyOutcomeProps {
  readonly copied: Copied | null;
  readonly onDismiss: () => void;
}

/** Selects the text once, when it appears, so that the user only has to press the copy keys. */
function selectAll(element: HTMLTextAreaElement | null): void {
  element?.focus();
  element?.select();
}

/** Says that a text was copied, also to screen readers; if copying failed, shows the text to copy by hand. */
export function CopyOutcome({ copied, onDismiss }: CopyOutcomeProps) {
  const id = useId();
  const leftOver = copied?.leftOver ?? null;
  return (
    <div>
      <p id={id} role="status" className={styles.text}>
        {copied === null
          ? ''
          : leftOver !== null
            ? `The browser did not allow copying. ${copied.what}, to copy by hand:`
            : `${copied.what} copied.`}
      </p>
      {leftOver !== null && (
        <>
          <textarea
            className={styles.leftOver}
            readOnly
            rows={6}
            aria-labelledby={id}
            value={leftOver}
            ref={selectAll}
          />
          <Button variant="default" size="compact-sm" onClick={onDismiss}>
            Done
          </Button>
        </>
      )}
    </div>
  );
}
