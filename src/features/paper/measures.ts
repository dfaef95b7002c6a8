import type { Attack } from '../../domain/metrics.ts';
import type { SummaryRow } from '../../domain/reproduction.ts';
import { formatEpsilon } from '../../ui/format.ts';

/** The quantity that rows are compared by: test error without attack or under one. */
export type Measure =
  | { readonly kind: 'clean' }
  | { readonly kind: 'attacked'; readonly attack: Attack };

export const cleanMeasure: Measure = { kind: 'clean' };

export interface MeasureChoice {
  /** Unique among the measures. */
  readonly id: string;
  readonly name: string;
  readonly measure: Measure;
}

/** All measures of the rows about MNIST: first without attack, then the attacks in the order of the rows. */
export function listMeasures(
  rows: readonly Pick<SummaryRow, 'attacks' | 'config'>[],
): MeasureChoice[] {
  const choices: MeasureChoice[] = [
    { id: 'clean', name: 'Test error without attack', measure: cleanMeasure },
  ];
  const onMnist = rows.filter(({ config }) => config !== null && config.dataSet === null);
  for (const { attack } of onMnist.flatMap(({ attacks }) => attacks)) {
    const id = nameAttack(attack);
    if (choices.some((one) => one.id === id)) continue;
    choices.push({ id, name: nameMeasure(attack), measure: { kind: 'attacked', attack } });
  }
  return choices;
}

/** "Error under FGSM, ε 0.08, not clipped". */
export function nameMeasure(attack: Attack): string {
  return `Error under ${nameAttack(attack)}`;
}

/** "FGSM, ε 0.08, not clipped". */
export function nameAttack(attack: Attack): string {
  const clipping = attack.clip ? 'clipped to 0–1' : 'not clipped';
  return `${nameKind(attack)}, ε ${formatEpsilon(attack.epsilon)}, ${clipping}`;
}

/** "PGD-40". */
export function nameKind(attack: Attack): string {
  if (attack.kind === 'pgd') return `PGD-${attack.steps}`;
  return attack.kind === 'fgsm' ? 'FGSM' : 'random signs';
}

/** Whether two attacks can share one axis; the number of PGD steps may differ and is then shown. */
export function isComparable(a: Attack, b: Attack): boolean {
  return a.kind === b.kind && a.epsilon === b.epsilon && a.clip === b.clip;
}
