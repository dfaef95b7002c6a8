import { UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type CSSProperties, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { keepTogether } from '../../../ui/format.ts';
import { ChevronIcon } from '../../../ui/icons.tsx';
import { onDemand } from '../../../ui/onDemand/onDemand.tsx';
import { PadCanvas } from '../pad/PadCanvas.tsx';
import { PadTools, TestDigits } from '../pad/PadTools.tsx';
import { PictureFiles } from '../pad/PictureFiles.tsx';
import { Toolbar } from '../../../ui/Toolbar.tsx';
import { DockProgress } from '../training/DockProgress.tsx';
import { AttackEpsilon } from './AttackEpsilon.tsx';
import styles from './Hero.module.css';
import { writeHeadline, writeRatio } from './headline.ts';
import { NetworkCard } from './NetworkCard.tsx';
import { WithoutPad } from './WithoutPad.tsx';
import { useCards, useHeadlineState } from './useCards.ts';

const MoreWays = onDemand(
  'More ways to attack',
  async () => (await import('../pad/MoreWays.tsx')).MoreWays,
);

interface HeroProps {
  /** Takes the headline's place when an experiment has ended; null otherwise. */
  readonly verdict: ReactNode;
  /** What the winner costs; empty while that is unknown. */
  readonly price: string;
}

/** A digit, its attacked version for each network, and their predictions: the story in one view. */
export function Hero({ verdict, price }: HeroProps) {
  const lab = useLabActions();
  const section = useRef<HTMLElement>(null);
  const moreId = useId();
  const [isMoreOpen, more] = useDisclosure(false);
  const cards = useCards();
  const hasAbp = cards.some(({ method }) => method === 'adversarial');
  const headline = useHeadlineState(cards);
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
  const word = useImageWord();
  const sentence = useSteady(rejection ?? writeHeadline(headline));
  const isPresenting = useLab((state) => state.isPresenting);
  const isHidden = useIsHidden('draw');
  const hasPad = !isHidden && ownShape !== 'color-32';
  useEffect(() => {
    if (!hasPad) return;
    lab.drawing.showAttack(true);
    return () => lab.drawing.showAttack(false);
  }, [lab, hasPad]);
  if (!hasPad) return <WithoutPad isHidden={isHidden} verdict={verdict} />;
  const ratio = writeRatio(headline.networks, headline.label);
  return (
    <section ref={section} className={styles.hero} aria-label="Draw" data-panel="Draw">
      <div className={styles.story}>
        {verdict ?? (
          <div role="status">
            <h2
              className={styles.headline}
              data-testid="headline"
              style={{ '--characters': sentence.length } as CSSProperties}
              data-answered={headline.networks.every(({ before }) => before !== null) || undefined}
              data-rejected={rejection !== null || undefined}
            >
              {keepTogether(sentence)}
            </h2>
          </div>
        )}
        <p className={styles.lead}>
          {isPretrained
            ? 'The same network, the same digits, trained three ways. Draw your own digit, or drag ε.'
            : `These are your own networks. Draw your own ${word}, or drag ε.`}
        </p>
        {ownShape !== null && (
          <p className={styles.note}>
            Drawings are prepared like MNIST’s digits. Networks trained on your files predict the
            number of a class.
          </p>
        )}
        {verdict !== null && rejection !== null && (
          <p role="status" className={styles.failure}>
            {rejection}
          </p>
        )}
        {error !== null && (
          <p role="alert" className={styles.failure}>{`${error.message} ${error.remedy}`}</p>
        )}
      </div>
      <div className={styles.pad}>
        <PadCanvas />
        <Toolbar label="Digit on the pad" className={styles.padBar}>
          <div className={styles.tools}>
            <PadTools />
          </div>
          <TestDigits />
        </Toolbar>
        <div className={styles.aside}>
          {isPresenting && <DockProgress />}
          {price === '' ? (
            hasAbp && <p className={styles.abp}>{`ABP: trained on nudged ${word}s`}</p>
          ) : (
            <p className={styles.price} data-testid="short-price">
              {keepTogether(price)}
            </p>
          )}
        </div>
        <PictureFiles section={section} hasButtons={isMoreOpen} />
      </div>
      <div className={styles.networks}>
        <ul
          className={styles.cards}
          aria-label="Predictions"
          style={{ '--networks': cards.length } as CSSProperties}
        >
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
        <AttackEpsilon />
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
        {isMoreOpen && <MoreWays />}
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
