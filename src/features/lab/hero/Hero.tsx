import { UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { EpsilonSlider } from '../../../ui/fields/EpsilonSlider.tsx';
import { ChevronIcon } from '../../../ui/icons.tsx';
import { NetworkInput } from '../pad/NetworkInput.tsx';
import { PadCanvas } from '../pad/PadCanvas.tsx';
import { PenSlider, TestDigits } from '../pad/PadTools.tsx';
import { PictureFiles } from '../pad/PictureFiles.tsx';
import { MoreAttacks } from '../pad/MoreAttacks.tsx';
import styles from './Hero.module.css';
import { grayLevels, writeHeadline, writeRatio } from './headline.ts';
import { NetworkCard } from './NetworkCard.tsx';
import { useCards, useHeadlineState } from './useCards.ts';

interface HeroProps {
  /** Takes the headline's place when an experiment has ended; null otherwise. */
  readonly verdict: ReactNode;
}

/** A digit, its attacked version for each network, and their predictions: the story in one view. */
export function Hero({ verdict }: HeroProps) {
  const lab = useLabActions();
  const section = useRef<HTMLElement>(null);
  const moreId = useId();
  const [isMoreOpen, more] = useDisclosure(false);
  const cards = useCards();
  const headline = useHeadlineState(cards);
  const epsilon = useLab((state) => state.attackEpsilon);
  const input = useLab(({ drawing }) => drawing.input);
  const rejection = useLab(({ drawing }) =>
    drawing.normalized?.kind === 'empty' && drawing.input === null
      ? drawing.normalized.reason
      : null,
  );
  const error = useLab(({ drawing }) => drawing.error);
  const searched = useLab(({ drawing }) => drawing.search?.trial?.networkId ?? null);
  const isPretrained = useLab(({ runs }) => !runs.some(({ hasNetwork }) => hasNetwork));
  const ownShape = useLab(({ customData }) => customData.loaded?.shape ?? null);
  const sentence = useSteady(rejection ?? writeHeadline(headline));
  const isHidden = useIsHidden('draw');
  useEffect(() => {
    lab.drawing.showAttack(true);
    return () => lab.drawing.showAttack(false);
  }, [lab]);
  if (isHidden) return null;
  const ratio = writeRatio(headline.networks, headline.label);
  return (
    <section
      ref={section}
      className={styles.hero}
      aria-label="Draw"
      data-panel="Draw"
      data-color={ownShape === 'color-32' || undefined}
    >
      <div className={styles.story}>
        {verdict ?? (
          <div role="status">
            <h2
              className={styles.headline}
              data-testid="headline"
              data-answered={headline.networks.every(({ before }) => before !== null) || undefined}
              data-rejected={rejection !== null || undefined}
            >
              {sentence}
            </h2>
          </div>
        )}
        <p className={styles.lead}>
          {isPretrained
            ? 'The same network, the same digits, trained three ways. Drag ε, or draw your own digit.'
            : 'These are your own networks. Drag ε, or draw your own digit.'}
        </p>
        {error !== null && (
          <p role="alert" className={styles.failure}>{`${error.message} ${error.remedy}`}</p>
        )}
      </div>
      <div className={styles.pad}>
        <PadCanvas />
        <div className={styles.digits}>
          <TestDigits />
          <PictureFiles section={section} hasButtons={isMoreOpen} />
        </div>
      </div>
      <div className={styles.networks}>
        <ul className={styles.cards} aria-label="Predictions">
          {cards.map((card) => (
            <NetworkCard
              key={card.id}
              card={card}
              input={input}
              epsilon={headline.epsilon}
              label={headline.label}
              isSearching={searched !== null}
            />
          ))}
        </ul>
        <div className={styles.epsilon}>
          <EpsilonSlider
            label="Nudge each pixel by up to ε"
            value={epsilon}
            onChange={(value) => lab.setAttackEpsilon(value)}
          />
          <p className={styles.note}>
            {`At most ${grayLevels(epsilon)} of a pixel’s 255 gray levels.`}
          </p>
        </div>
        <p className={styles.ratio}>{ratio ?? '\u00a0'}</p>
        <UnstyledButton
          className={styles.moreButton}
          aria-expanded={isMoreOpen}
          aria-controls={moreId}
          onClick={more.toggle}
        >
          More ways to attack <ChevronIcon />
        </UnstyledButton>
      </div>
      <div id={moreId} className={styles.more}>
        {isMoreOpen && (
          <>
            <div>
              <PenSlider />
              <NetworkInput />
            </div>
            <MoreAttacks />
          </>
        )}
      </div>
    </section>
  );
}

/** The sentence, which waits while the pen is down: a longer one would move the pad from under it. */
function useSteady(sentence: string): string {
  const isPenDown = useLab(({ drawing }) => drawing.isPenDown);
  const [shown, setShown] = useState(sentence);
  if (!isPenDown && shown !== sentence) setShown(sentence);
  return shown;
}
