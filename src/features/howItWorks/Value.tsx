import { nameClass } from '../../domain/dataSet.ts';
import { findPrediction } from '../../experiment/drawing/prediction.ts';
import { useLab } from '../../experiment/useLab.ts';
import { formatConfidence, formatNumber } from '../../ui/format.ts';
import type { Term } from './stages/stages.ts';
import styles from './Value.module.css';

interface ValueProps {
  readonly value: number;
  readonly format?: (value: number) => string;
  /** The part of the equations that it is a value of. */
  readonly term?: Term;
  /** Values with the same name are the same number. */
  readonly name: string;
}

/** A number, rounded for reading; the element's attribute holds all digits. */
export function Value({ value, format = formatNumber, term, name }: ValueProps) {
  return (
    <data value={String(value)} data-term={term} data-name={name}>
      {Number.isFinite(value) ? format(value) : formatNumber(value)}
    </data>
  );
}

export function Count({ value, name }: Pick<ValueProps, 'value' | 'name'>) {
  return <Value value={value} format={String} name={name} />;
}

interface AnswerProps {
  /** [10] outputs of the network. */
  readonly probabilities: Float32Array;
  /** The name of the input. */
  readonly name: string;
}

/** The digit that an input is predicted as, and how confidently. */
export function Answer({ probabilities, name }: AnswerProps) {
  const dataSet = useLab(({ customData }) => customData.loaded);
  const { digit, confidence } = findPrediction(probabilities);
  return (
    <>
      <strong>
        <Value
          value={digit}
          format={(label) => nameClass(dataSet, label)}
          name={`${name} answer`}
        />
      </strong>
      , <Value value={confidence} format={formatConfidence} name={`${name} confidence`} />
    </>
  );
}

interface BarProps {
  readonly share: number;
  readonly name: string;
}

/** A value as a bar, in the hue of its stage. */
export function Bar({ share, name }: BarProps) {
  return (
    <span className={styles.track} aria-hidden="true">
      <span className={styles.fill} style={{ width: `${100 * share}%` }} data-length={name} />
    </span>
  );
}
