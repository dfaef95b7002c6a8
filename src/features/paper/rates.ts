import type { Spread } from '../../domain/reproduction.ts';
import type { Measure } from './measures.ts';

/** Error rates as text: without attack like the paper, under attack with fewer digits. */

function digitsOf({ kind }: Measure): number {
  return kind === 'clean' ? 2 : 1;
}

/** "0.90 %"; under attack "6.3 %". */
export function formatRate(rate: number, measure: Measure): string {
  return `${(100 * rate).toFixed(digitsOf(measure))} %`;
}

/** "1.50 ± 0.06 %", or without ± when there is only one seed. */
export function formatSpread({ mean, deviation }: Spread, measure: Measure): string {
  const digits = digitsOf(measure);
  if (deviation === null) return formatRate(mean, measure);
  return `${(100 * mean).toFixed(digits)} ± ${(100 * deviation).toFixed(digits)} %`;
}
