import { FloatingPopover } from '../../ui/floating/Floating.tsx';
import type { Anchored } from '../../ui/floating/useOpener.ts';
import type { Lesson } from './lesson.ts';
import type { CopyOutcome } from './outcome.ts';
import styles from './Share.module.css';
import { SharePanel } from './SharePanel.tsx';

interface SharePopoverProps extends Anchored {
  readonly lesson: Lesson;
  readonly onChangeLesson: (lesson: Lesson) => void;
  readonly outcome: CopyOutcome | null;
  readonly onCopy: (address: string) => void;
}

/** The link, and what it shows. */
export function SharePopover({
  lesson,
  onChangeLesson,
  outcome,
  onCopy,
  ...anchored
}: SharePopoverProps) {
  return (
    <FloatingPopover
      {...anchored}
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
      className={styles.dropdown}
    >
      <SharePanel lesson={lesson} onChange={onChangeLesson} outcome={outcome} onCopy={onCopy} />
    </FloatingPopover>
  );
}
