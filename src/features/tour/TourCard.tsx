import { Button, CloseButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { neighborOf, type TourStep, tourSteps } from '../../experiment/link/tour.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { tourStops } from './steps.ts';
import styles from './Tour.module.css';
import { bringIntoView, findPlace, focusPlace, framePlace } from './tourPlaces.ts';
import { tourButtonId } from './tourButtonId.ts';

/** The card of one step of the tour. The page stays usable beside it. */
export function TourCard({ step }: { readonly step: TourStep }) {
  const lab = useLabActions();
  const card = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [doneAt, setDoneAt] = useState<TourStep | null>(null);
  const { title, text, places, panel, isDocked, action } = tourStops[step];
  const isInLab = useLab((state) => state.place === 'lab');
  const disabledReason = useLab((state) => action.disabledReason(state));
  const isPlaceHidden = useLab(({ hiddenPanels }) => hiddenPanels.includes(panel));
  const isDone = doneAt === step;
  const before = neighborOf(step, -1);
  const next = neighborOf(step, 1);

  // Every step begins in the lab, and screen readers read its heading.
  useEffect(() => {
    lab.goTo('lab');
    heading.current?.focus({ preventScroll: true });
  }, [lab, step]);

  // While the lab is shown, the step's place there is framed and scrolled into view.
  useEffect(() => {
    const place = isInLab ? findPlace(places) : null;
    if (place === null) return;
    const stopFollowing = bringIntoView(place, card.current);
    const takeAway = framePlace(place);
    return () => {
      stopFollowing();
      takeAway();
    };
  }, [places, isInLab, isPlaceHidden]);

  useEffect(() => {
    function leaveByKey(event: KeyboardEvent): void {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // An open dialog or menu closes first.
      const within = (event.target as Element | null)?.closest('[role="dialog"]');
      if (within && within !== card.current) return;
      leave();
    }
    function leave(): void {
      lab.update({ tourStep: null });
    }
    document.addEventListener('keydown', leaveByKey);
    return () => document.removeEventListener('keydown', leaveByKey);
  }, [lab]);

  // When the user leaves the tour from its card, the focus returns to where the tour was started.
  useEffect(() => {
    const element = card.current;
    return () => {
      const { activeElement } = document;
      const isElsewhere = activeElement !== document.body && !element?.contains(activeElement);
      if (isElsewhere) return;
      setTimeout(() => {
        if (element?.isConnected) return; // the card still exists; only the effect ran again
        document.getElementById(tourButtonId)?.focus({ preventScroll: true });
      });
    };
  }, []);

  function goTo(tourStep: TourStep | null): void {
    lab.update({ tourStep });
  }

  function act(): void {
    if (disabledReason !== null) return;
    action.run(lab);
    setDoneAt(step);
  }

  return (
    <div
      ref={card}
      className={styles.card}
      role="dialog"
      aria-labelledby="tour-title"
      data-at-top={isDocked || undefined}
    >
      <p className={styles.progress}>
        Tour, {tourSteps.indexOf(step) + 1} of {tourSteps.length}
        <span className={styles.dots} aria-hidden="true">
          {tourSteps.map((one) => (
            <span key={one} data-now={one === step || undefined} />
          ))}
        </span>
      </p>
      <CloseButton
        className={styles.close}
        aria-label="Leave the tour"
        size="lg"
        onClick={() => goTo(null)}
      />
      <h2 ref={heading} id="tour-title" tabIndex={-1} className={styles.title}>
        {title}
      </h2>
      <p className={styles.text}>{text}</p>
      <p
        className={styles.outcome}
        aria-live="polite"
        data-testid="tour-outcome"
        data-outcome={
          isPlaceHidden
            ? 'hidden'
            : isDone
              ? 'done'
              : disabledReason === null
                ? 'open'
                : 'unavailable'
        }
      >
        {isPlaceHidden
          ? 'This link hides that panel; you can show it again at the end of the page.'
          : isDone
            ? action.done
            : disabledReason}
      </p>
      <div className={styles.buttons}>
        <Button
          variant={isDone || disabledReason !== null ? 'default' : 'filled'}
          data-primary={!(isDone || disabledReason !== null) || undefined}
          aria-disabled={disabledReason !== null && !isDone}
          onClick={act}
        >
          {action.label}
        </Button>
        <Button
          className={styles.goThere}
          variant="subtle"
          onClick={() => {
            flushSync(() => lab.goTo('lab')); // what is hidden cannot have the focus
            const place = findPlace(places);
            if (place) focusPlace(place);
          }}
        >
          Go there
        </Button>
      </div>
      <div className={styles.buttons}>
        <Button
          variant="default"
          aria-disabled={before === null}
          onClick={() => before && goTo(before)}
        >
          Back
        </Button>
        <Button
          variant={isDone || disabledReason !== null ? 'filled' : 'default'}
          data-primary={isDone || disabledReason !== null || undefined}
          onClick={() => goTo(next)}
        >
          {next === null ? 'Finish' : 'Next'}
        </Button>
      </div>
    </div>
  );
}
