import { memo } from 'react';
import { type CustomData, imageWord, nameClass } from '../../../domain/dataSet.ts';
import type { TrainingMethod } from '../../../domain/settings/config.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { formatConfidence } from '../../../ui/format.ts';
import { CheckIcon, CrossIcon } from '../../../ui/icons.tsx';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { PerturbationImage } from '../../../ui/images/PerturbationImage.tsx';
import { PixelCanvas } from '../../../ui/images/PixelCanvas.tsx';
import { useDrawnData } from '../pad/useNetworks.ts';
import { grayLevels } from './headline.ts';
import styles from './Hero.module.css';
import type { Card } from './useCards.ts';

interface NetworkCardProps {
  readonly card: Card;
  /** [784] the digit that the networks get; null if there is none. */
  readonly input: Float32Array | null;
  readonly epsilon: number;
  /** The digit's label, if it is known. */
  readonly label: number | null;
  readonly isSearching: boolean;
}

/** What the networks of a method learn from. */
const trainedOn: Readonly<Record<TrainingMethod, string>> = {
  plain: 'Trained on clean images',
  dropout: 'Trained with units dropped',
  adversarial: 'Trained on adversarial examples',
  'adversarial-dropout': 'Adversarial examples, units dropped',
  noise: 'Trained with random nudges',
  'random-start': 'Trained on random-start FGSM',
  pgd: 'Trained on PGD’s examples',
  trades: 'Trained to keep its answers',
  mixed: 'Trained on clean and adversarial',
};

/** One network: the attacked digit, its prediction, and the smallest nudge that fools it. */
export const NetworkCard = memo(function NetworkCard(props: NetworkCardProps) {
  const { card, input, epsilon, label, isSearching } = props;
  const dataSet = useDrawnData();
  const word = imageWord(dataSet);
  const { name, method, runStyle, before, after, image } = card;
  const outcome = findOutcome(card, label);
  const shown = outcome === 'wrong' ? before : (after ?? before);
  return (
    <li
      className={styles.card}
      aria-label={describe(card, outcome, dataSet)}
      data-testid="network-card"
      data-before={before?.digit}
      data-after={after?.digit}
      data-outcome={outcome ?? undefined}
    >
      <p className={styles.name}>
        <RunSwatch runStyle={runStyle} />
        {name}
      </p>
      <p className={styles.trained}>{trainedOn[method]}</p>
      <div className={styles.images}>
        <span className={styles.attacked}>
          {image !== null || input !== null ? (
            <DigitImage
              pixels={image ?? input!}
              label={image === null ? `The ${word}` : `The ${word}, attacked on ${name}`}
            />
          ) : (
            <PixelCanvas bytes={null} label={`No ${word} yet`} />
          )}
        </span>
        <span className={styles.perturbation}>
          {image !== null && input !== null && (
            <PerturbationImage
              before={input}
              after={image}
              scale={epsilon}
              label={`What the attack on ${name} changes`}
            />
          )}
        </span>
      </div>
      <p className={styles.prediction} aria-hidden="true" translate="no">
        <strong className={styles.digit}>
          {shown === null ? '–' : nameClass(dataSet, shown.digit)}
        </strong>
        <span className={styles.outcome} data-outcome={outcome ?? undefined}>
          {outcome !== null && (outcome === 'holds' ? <CheckIcon /> : <CrossIcon />)}
          {outcome}
        </span>
        <span className={styles.confidence}>
          {shown === null ? '' : describeConfidence(shown.confidence)}
        </span>
      </p>
      <SmallestEpsilon
        smallest={outcome === 'wrong' ? null : card.smallest}
        color={runStyle.color}
        note={
          outcome === 'wrong'
            ? 'Wrong without a nudge'
            : isSearching
              ? 'Searching…'
              : before === null
                ? '\u00a0'
                : 'Not searched yet'
        }
      />
    </li>
  );
});

type Outcome = 'fooled' | 'holds' | 'wrong';

/** Null while it is unknown. "wrong": without any attack. */
function findOutcome({ before, after }: Card, label: number | null): Outcome | null {
  if (before === null) return null;
  if (label !== null && before.digit !== label) return 'wrong';
  if (after === null) return null;
  return after.digit === before.digit ? 'holds' : 'fooled';
}

function describe(
  { name, before, after }: Card,
  outcome: Outcome | null,
  dataSet: CustomData | null,
): string {
  if (before === null) return `${name}: no prediction yet`;
  const clean = `${name}: ${nameClass(dataSet, before.digit)}, ${describeConfidence(before.confidence)}`;
  if (after === null) return clean;
  if (outcome === 'wrong') return `${clean}, wrong without a nudge`;
  return `${clean}; under attack ${nameClass(dataSet, after.digit)}, ${describeConfidence(after.confidence)}, ${outcome ?? ''}`;
}

/**
 * Each sigmoid output says by itself how likely its digit is, so the largest of them can be 0.9 %: the network takes
 * the image for no digit. Its number would look like a mistake beside a digit.
 */
function describeConfidence(probability: number): string {
  return probability < 0.5 ? 'unsure' : formatConfidence(probability);
}

/** The end of the bars: half the range of a pixel, where the search ends. */
const mostLevels = 128;

interface SmallestEpsilonProps {
  readonly smallest: Card['smallest'];
  readonly color: string;
  /** Stands where there is no result. */
  readonly note: string;
}

function SmallestEpsilon({ smallest, color, note }: SmallestEpsilonProps) {
  const levels = smallest === null ? 0 : grayLevels(smallest.epsilon ?? smallest.searchedUpTo);
  const proven = smallest === null ? 0 : grayLevels(smallest.proven);
  const widthOf = (end: number) => `${Math.min(100, (100 * end) / mostLevels)}%`;
  return (
    <div
      className={styles.smallest}
      data-testid="smallest-found"
      data-levels={levels || undefined}
      data-proven={smallest === null ? undefined : proven}
    >
      <p className={styles.levels}>
        {smallest === null ? (
          note
        ) : smallest.epsilon === null ? (
          <>
            Holds up to <Levels levels={levels} />
          </>
        ) : (
          <>
            Fooled at <Levels levels={levels} />
          </>
        )}
      </p>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.fill} style={{ width: widthOf(levels), background: color }} />
        <span className={styles.proven} style={{ width: widthOf(proven), background: color }} />
      </span>
      <p className={styles.provenText}>
        {smallest === null ? (
          '\u00a0'
        ) : proven === 0 ? (
          'Not proven safe at all'
        ) : (
          <>
            Proven safe to <strong>{proven}</strong>
          </>
        )}
      </p>
    </div>
  );
}

/** In the words that there is room for. */
function Levels({ levels }: { readonly levels: number }) {
  return (
    <>
      <strong>{levels}</strong>
      <span className={styles.unit}>
        {' of 255'}
        <span className={styles.levelsUnit}> gray levels</span>
      </span>
      <span className={styles.fraction}>/255</span>
    </>
  );
}
