import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { imageWord, nameAnswer, nameClass } from '../../../domain/dataSet.ts';
import { maxSamples } from '../../../experiment/inside/cellSamples.ts';
import type { OpenCell } from '../../../experiment/inside/insideState.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { formatCount } from '../../../ui/format.ts';
import styles from './Confusion.module.css';

interface CellImagesProps {
  readonly cell: OpenCell;
  readonly networkName: string;
  /** "FGSM, ε 0.08" */
  readonly attackName: string;
  readonly onClose: () => void;
}

/** The images counted in one cell of a confusion matrix. */
export function CellImages({ cell, networkName, attackName, onClose }: CellImagesProps) {
  const { inside } = useLabActions();
  const dataSet = useLab(({ customData }) => customData.loaded);
  const word = imageWord(dataSet);
  const heading = useRef<HTMLHeadingElement>(null);
  const { label, prediction, isAttacked, indices, samples, wanted, error } = cell;
  useEffect(() => heading.current?.focus(), [label, prediction, isAttacked]);
  const when = isAttacked ? `under attack (${attackName})` : 'clean';
  const count = indices.length;
  const shown = samples?.indices.length ?? 0;
  return (
    <section className={styles.images} aria-label="Images in this cell">
      <div className={styles.imagesHead}>
        <h4 ref={heading} tabIndex={-1} className={styles.imagesTitle}>
          {`${networkName}, ${when}: ${nameAnswer(dataSet, label)} predicted as ${nameClass(dataSet, prediction)}`}
          {count > 0 && `, ${formatCount(count)} ${count === 1 ? 'image' : 'images'}`}
        </h4>
        <Button variant="default" size="compact-sm" onClick={onClose}>
          Close
        </Button>
      </div>
      {error !== null && <p className={styles.failure}>{`${error.message} ${error.remedy}`}</p>}
      {samples === null && error === null && <p className={styles.note}>Fetching the images…</p>}
      {samples !== null && (
        <ul className={styles.samples}>
          {samples.indices.map((index, n) => {
            const pixels = [784 * n, 784 * (n + 1)] as const;
            const place = formatCount(index + 1);
            return (
              <li key={index}>
                <div className={styles.pair}>
                  <DigitImage
                    pixels={samples.images.subarray(...pixels)}
                    label={`Number ${place}, ${nameAnswer(dataSet, label)}`}
                  />
                  {isAttacked && (
                    <DigitImage
                      pixels={samples.attacked.subarray(...pixels)}
                      label={`Number ${place} under attack`}
                    />
                  )}
                </div>
                <span className={styles.small}>{place}</span>
              </li>
            );
          })}
        </ul>
      )}
      {samples !== null && shown < Math.min(count, maxSamples) && (
        <Button variant="default" size="compact-sm" onClick={() => inside.showMoreSamples()}>
          {wanted > shown ? 'Fetching…' : `Show more of ${formatCount(count)}`}
        </Button>
      )}
      <p className={styles.note}>
        {isAttacked ? `Left: the ${word}. Right: what the network was shown. ` : ''}
        Numbers are positions in the data set. The matrices do not update while this is open.
        {count > maxSamples && ` Only the first ${maxSamples} are available.`}
      </p>
    </section>
  );
}
