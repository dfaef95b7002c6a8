import { Button, Textarea } from '@mantine/core';
import { useDidUpdate } from '@mantine/hooks';
import { useId, useMemo, useRef } from 'react';
import { linkedPart } from '../../experiment/link/link.ts';
import { tabToName } from '../../experiment/tabs.ts';
import { useLab } from '../../experiment/useLab.ts';
import { type Lesson, openedPlace } from './lesson.ts';
import lessonStyles from './Lesson.module.css';
import { Templates, Visible } from './LessonChoices.tsx';
import { LessonPreview } from './LessonPreview.tsx';
import { type CopyOutcome, describeOutcome } from './outcome.ts';
import styles from './Share.module.css';
import { addressOf } from './shareAddress.ts';

interface SharePanelProps {
  /** What the link will show; this page stays as it is. */
  readonly lesson: Lesson;
  readonly onChange: (lesson: Lesson) => void;
  readonly outcome: CopyOutcome | null;
  readonly onCopy: (address: string) => void;
}

/** Shows the link and whether it was copied, and chooses what it shows. */
export function SharePanel({ lesson, onChange, outcome, onCopy }: SharePanelProps) {
  const id = useId();
  const address = useAddress(lesson);
  const field = useRef<HTMLTextAreaElement>(null);
  const isRefused = outcome?.address === address && !outcome.isCopied;
  // Not when it opens: the popover focuses the field then, after it has remembered where the focus was.
  useDidUpdate(() => {
    if (isRefused) {
      field.current?.focus();
      field.current?.select();
    }
  }, [isRefused, outcome]);
  return (
    <div className={styles.panel}>
      <Textarea
        ref={field}
        data-autofocus
        label="Link to this setup and view"
        description="Contains the settings, the digit on the pad and ε, but no trained networks. Opening it does not start training."
        inputWrapperOrder={['label', 'input', 'description']}
        classNames={{ input: styles.address }}
        rows={2}
        readOnly
        spellCheck={false}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.copy}>
        <Button variant="default" onClick={() => onCopy(address)}>
          Copy link
        </Button>
        <span className={styles.outcome} aria-hidden="true">
          {outcome && describeOutcome(outcome, address)}
        </span>
      </div>
      <section className={styles.lesson} aria-labelledby={`${id}-class`}>
        <h2 id={`${id}-class`} className={styles.title}>
          For a class
        </h2>
        <div className={lessonStyles.choose}>
          <Templates lesson={lesson} onChange={onChange} />
          <LessonPreview lesson={lesson} />
          <Visible lesson={lesson} onChange={onChange} />
        </div>
      </section>
    </div>
  );
}

/** The page's address with the current state; it renders again only when a part of the link changes. */
function useAddress(lesson: Lesson): string {
  const { hidden: hiddenPanels } = lesson;
  const place = openedPlace(lesson);
  const setup = useLab((state) => state.setup);
  const attackEpsilon = useLab((state) => state.attackEpsilon);
  const view = useLab((state) => state.view);
  const first = useLab((state) => state.examples.first);
  const enginePreference = useLab((state) => state.enginePreference);
  const tourStep = useLab((state) => state.tourStep);
  const openTabs = useLab((state) => state.openTabs);
  const drawing = useLab((state) => linkedPart(state).drawing);
  return useMemo(
    () =>
      addressOf({
        setup,
        attackEpsilon,
        view,
        firstExample: first,
        drawing,
        enginePreference,
        hiddenPanels,
        place,
        tab: tabToName(place, openTabs),
        tourStep,
        isPresenting: false,
      }),
    [
      setup,
      attackEpsilon,
      view,
      first,
      drawing,
      enginePreference,
      hiddenPanels,
      place,
      openTabs,
      tourStep,
    ],
  );
}
