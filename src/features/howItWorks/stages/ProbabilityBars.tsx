import { VisuallyHidden } from '@mantine/core';
import { nameClass } from '../../../domain/dataSet.ts';
import { findPrediction } from '../../../experiment/drawing/prediction.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { formatConfidence } from '../../../ui/format.ts';
import styles from './Stages.module.css';

import { Value } from '../Value.tsx';

interface ProbabilityBarsProps {
  /** [classes] outputs of the network. */
  readonly probabilities: Float32Array;
  /** [classes] lengths of the bars, 0 to 1; they differ from `probabilities` during the animation. */
  readonly shown: Float32Array;
  readonly after?: Float32Array;
  readonly isAfterShown?: boolean;
  readonly label: number;
  readonly name: string;
  /** Distinguishes these numbers from others on the page. */
  readonly dataName: string;
  /** Whether the bars are as high as a picture. */
  readonly isLarge?: boolean;
}

/** Outputs as bars; the label's class is framed. */
export function ProbabilityBars(props: ProbabilityBarsProps) {
  const { probabilities, shown, after, isAfterShown, label, name, dataName, isLarge } = props;
  const dataSet = useLab(({ customData }) => customData.loaded);
  const answer = findPrediction(probabilities).digit;
  return (
    <ol className={styles.bars} data-large={isLarge || undefined} start={0} aria-label={name}>
      {Array.from(probabilities, (probability, digit) => (
        <li
          key={digit}
          className={styles.bar}
          data-label={digit === label || undefined}
          data-answer={digit === answer || undefined}
        >
          <span className={styles.column} aria-hidden="true">
            <span
              className={styles.fill}
              style={{ height: `${100 * shown[digit]!}%` }}
              data-length={`${dataName} ${digit}`}
            />
            {after && isAfterShown && (
              <span
                className={styles.mark}
                style={{ bottom: `${100 * after[digit]!}%` }}
                data-length={`${dataName} ${digit} after`}
              />
            )}
          </span>
          <span>{nameClass(dataSet, digit).replace(/^class /, '')}</span>
          <VisuallyHidden>
            <Value value={probability} format={formatConfidence} name={`${dataName} ${digit}`} />
            {after && (
              <>
                , after the update{' '}
                <Value
                  value={after[digit]!}
                  format={formatConfidence}
                  name={`${dataName} ${digit} after`}
                />
              </>
            )}
          </VisuallyHidden>
        </li>
      ))}
    </ol>
  );
}
