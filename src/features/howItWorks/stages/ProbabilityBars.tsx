import { formatConfidence } from '../../../ui/format.ts';
import styles from './Stages.module.css';
import { answerOf } from '../numbers.ts';
import { Value } from '../Value.tsx';

interface ProbabilityBarsProps {
  /** Of the ten digits. */
  readonly probabilities: Float32Array;
  /** Where the bars end, 0 to 1 each: `probabilities`, unless they are on their way there. */
  readonly shown?: readonly number[];
  /** The same outputs after an update. */
  readonly after?: Float32Array;
  /** Whether marks show them. */
  readonly isAfterShown?: boolean;
  readonly label: number;
  readonly name: string;
  /** Tells the numbers from others on the page. */
  readonly dataName: string;
  /** As high as a picture. */
  readonly isLarge?: boolean;
}

/** Ten outputs as bars; the label's digit is framed. */
export function ProbabilityBars(props: ProbabilityBarsProps) {
  const { probabilities, shown, after, isAfterShown, label, name, dataName, isLarge } = props;
  const answer = answerOf(probabilities);
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
              style={{ height: `${100 * (shown?.[digit] ?? probability)}%` }}
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
          <span>{digit}</span>
          <span className={styles.hidden}>
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
          </span>
        </li>
      ))}
    </ol>
  );
}
