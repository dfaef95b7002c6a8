import { methodUses } from '../../domain/settings/methods.ts';
import type { WantedMark } from '../../ui/charts/plot.ts';
import { formatEpsilon } from '../../ui/format.ts';
import type { MeasuredRun } from './robustnessSeries.ts';

/** Marks on the ε axis: the page's attack ε and the training ε of each run of the experiment. */
export function markEpsilons(
  runs: readonly MeasuredRun[],
  attackEpsilon: number,
  axisEnd: number,
): WantedMark[] {
  const trained = runs
    .filter(
      ({ isReference, run: { config } }) => !isReference && methodUses(config.method, 'epsilon'),
    )
    .map(({ name, runStyle, run: { config } }) => ({
      x: config.trainingEpsilon,
      text: name.includes('ε') ? name : `${name} ε ${formatEpsilon(config.trainingEpsilon)}`,
      anchor: 'middle' as const,
      color: runStyle.color,
      hasLine: true,
    }));
  const page: WantedMark = {
    x: attackEpsilon,
    text: `attack ε ${formatEpsilon(attackEpsilon)}`,
    anchor: 'middle',
    hasLine: true,
  };
  return [...trained, page].filter(({ x }) => x <= axisEnd);
}
