import {
  type MeasuredKind,
  measuredKinds,
  findCurve,
  attackNames,
} from '../../experiment/runs/measurements.ts';
import type { TableColumn, TableRow } from '../../ui/charts/NumberTable.tsx';
import { toCsv } from '../../ui/charts/export/csv.ts';
import { formatCount, formatEpoch, formatEpsilon, formatErrorRate } from '../../ui/format.ts';
import { type MeasuredRun } from './robustnessSeries.ts';

/** The numbers of the charts: one row per attack and ε. */
export function makeRobustnessTable(runs: readonly MeasuredRun[]): {
  columns: TableColumn[];
  rows: TableRow[];
} {
  const rowsOf = (kind: MeasuredKind): TableRow[] => {
    const curves = runs.map(({ run }) => findCurve(run.measurements, kind));
    const epsilons = new Set(curves.flatMap((curve) => curve.map(({ attack }) => attack.epsilon)));
    return [...epsilons]
      .sort((a, b) => a - b)
      .map((epsilon) => ({
        key: `${kind} ${epsilon}`,
        cells: [
          attackNames[kind],
          formatEpsilon(epsilon),
          ...curves.flatMap((curve) => {
            const measurement = curve.find(({ attack }) => attack.epsilon === epsilon);
            if (measurement === undefined) return ['–', '–', '–'];
            const { adversarial, sampleCount, epoch } = measurement;
            return [
              formatErrorRate(adversarial.errorRate),
              formatCount(sampleCount),
              formatEpoch(epoch),
            ];
          }),
        ],
      }));
  };
  return {
    columns: [
      { name: 'Attack', parts: [] },
      { name: 'ε', parts: [] },
      ...runs.map(({ name }) => ({ name, parts: ['Error', 'Images', 'Epoch'] })),
    ],
    rows: measuredKinds.flatMap(rowsOf),
  };
}

/** Every measurement of every run, including older ones that are not replaced yet. */
export function makeRobustnessCsv(runs: readonly MeasuredRun[]): string {
  const head = [
    'run',
    'attack',
    'norm',
    'attack_epsilon',
    'clipped',
    'epoch',
    'step',
    'split',
    'images',
    'error_rate',
    'loss',
  ];
  const rows = runs.flatMap(({ name, run }) =>
    run.measurements.map(({ attack, epoch, step, split, sampleCount, adversarial }) => [
      name,
      attack.kind,
      'norm' in attack && attack.norm === 'l2' ? 'l2' : 'linf',
      attack.epsilon,
      String(attack.clip),
      epoch,
      step,
      split,
      sampleCount,
      adversarial.errorRate,
      Number.isNaN(adversarial.loss) ? '' : adversarial.loss,
    ]),
  );
  return toCsv([head, ...rows]);
}
