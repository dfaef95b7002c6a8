import type { Attack } from '../../domain/metrics.ts';
import type { Spread, SummaryRow } from '../../domain/reproduction.ts';
import { formatEpsilon } from '../../ui/format.ts';

/** The quantity that rows are compared by: test error without attack or under one. */
export interface Measure {
  readonly name: string;
  /** Null for the error without attack. */
  readonly attack: Attack | null;
}

export const cleanMeasure: Measure = { name: 'Test error without attack', attack: null };

/** "Error under FGSM, ε 0.08, not clipped". */
export function measureUnder(attack: Attack): Measure {
  const clipping = attack.clip ? 'clipped to 0–1' : 'not clipped';
  const name = `Error under ${nameKind(attack)}, ε ${formatEpsilon(attack.epsilon)}, ${clipping}`;
  return { name, attack };
}

/** All measures of the rows about MNIST: first without attack, then the attacks in the order of the rows. */
export function listMeasures(rows: readonly Pick<SummaryRow, 'attacks' | 'config'>[]): Measure[] {
  const onMnist = rows.filter(({ config }) => config !== null && config.dataSet === null);
  const measures = onMnist.flatMap(({ attacks }) =>
    attacks.map(({ attack }) => measureUnder(attack)),
  );
  return [cleanMeasure, ...new Map(measures.map((measure) => [measure.name, measure])).values()];
}

export function nameKind(attack: Attack): string {
  if (attack.kind === 'pgd') return `PGD-${attack.steps}`;
  return attack.kind === 'fgsm' ? 'FGSM' : 'random signs';
}

/** Without attack as many digits as the paper has, under attack fewer. */
function digitsOf({ attack }: Measure): number {
  return attack === null ? 2 : 1;
}

/** "0.90 %"; under attack "6.3 %". */
export function formatRate(rate: number, measure: Measure): string {
  return `${(100 * rate).toFixed(digitsOf(measure))} %`;
}

/** "1.50 ± 0.06 %", or without ± when there is only one seed. */
export function formatSpread({ mean, deviation }: Spread, measure: Measure): string {
  if (deviation === null) return formatRate(mean, measure);
  return `${(100 * mean).toFixed(digitsOf(measure))} ± ${formatRate(deviation, measure)}`;
}
