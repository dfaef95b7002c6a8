import type { Term } from './stages/stages.ts';
import { formatNumber } from './numbers.ts';

interface ValueProps {
  readonly value: number;
  readonly format?: (value: number) => string;
  /** Which part of the equations it is a value of. */
  readonly term?: Term;
  /** What it is: values with the same name are the same number. */
  readonly name: string;
}

/** A number as a person reads it; the element holds all of its digits. */
export function Value({ value, format = formatNumber, term, name }: ValueProps) {
  return (
    <data value={String(value)} data-term={term} data-name={name}>
      {Number.isFinite(value) ? format(value) : formatNumber(value)}
    </data>
  );
}
