import { memo, useMemo } from 'react';
import { nameClass, type CustomData } from '../../../domain/dataSet.ts';
import type { LabelledImages } from '../../../experiment/state.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import type { ShownRun } from './ExampleDigit.tsx';
import styles from './Examples.module.css';
import { findPrediction, getImage } from './predictions.ts';

interface ExampleTileProps {
  readonly images: LabelledImages;
  /** Index among the images. */
  readonly index: number;
  readonly dataSet: CustomData | null;
  readonly runs: readonly ShownRun[];
  readonly isOpen: boolean;
  /** Id of the detail, which the tile's button opens and closes. */
  readonly detailId: string;
  readonly onToggle: (index: number, tile: HTMLElement) => void;
}

/** A test image and what each network predicts for it under attack; pressing it opens the detail. */
export const ExampleTile = memo(function ExampleTile(props: ExampleTileProps) {
  const { images, index, dataSet, runs, isOpen, detailId, onToggle } = props;
  const label = images.labels[index]!;
  const pixels = useMemo(
    () => getImage(images.images, index, images.labels.length),
    [images, index],
  );
  const predictions = runs.flatMap(({ id, name, runStyle, result }) =>
    result === null
      ? []
      : [
          {
            id,
            name,
            runStyle,
            ...findPrediction(result.adversarialProbabilities, images.labels, index),
          },
        ],
  );
  const thing =
    dataSet === null ? `Test digit ${label}` : `Test image, ${nameClass(dataSet, label)}`;
  const outcomes = predictions.map(
    ({ name, digit, isRight }) =>
      `${name} ${nameClass(dataSet, digit)}, ${isRight ? 'right' : 'wrong'}`,
  );
  return (
    <li>
      <button
        type="button"
        className={styles.tile}
        aria-label={
          outcomes.length === 0 ? thing : `${thing}; under attack: ${outcomes.join('; ')}`
        }
        aria-expanded={isOpen}
        aria-controls={isOpen ? detailId : undefined}
        data-testid="example-tile"
        onClick={(event) => onToggle(index, event.currentTarget)}
      >
        <DigitImage pixels={pixels} label={thing} />
        <span className={styles.chips} aria-hidden="true">
          {predictions.map(({ id, digit, isRight, runStyle }) => (
            <span
              key={id}
              className={styles.chip}
              data-wrong={!isRight || undefined}
              style={{ borderBottomColor: runStyle.color }}
            >
              {dataSet === null ? digit : isRight ? '✓' : '✗'}
            </span>
          ))}
        </span>
      </button>
    </li>
  );
});
