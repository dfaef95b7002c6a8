import { formatNumber } from '../../ui/format.ts';
import type { Term } from './stages/stages.ts';

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
