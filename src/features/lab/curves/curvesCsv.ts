import { toCsv } from '../../../ui/charts/export/csv.ts';
import type { CurveRun } from './curveSeries.ts';

/** Every measured point of every run and seed, with all digits of rates and losses. */
export function makeCurvesCsv(runs: readonly CurveRun[]): string {
  const head = [
    'run',
    'seed',
    'epoch',
    'step',
    'split',
    'images',
    'attack',
    'attack_epsilon',
    'clean_error_rate',
    'attacked_error_rate',
    'clean_loss',
    'attacked_loss',
    'training_loss',
  ];
  const seeds = runs.flatMap(({ name, run }) =>
    [run, ...(run.repeats ?? [])].map(({ config, history }) => ({ name, config, history })),
  );
  const rows = seeds.flatMap(({ name, config: { seed }, history }) => [
    ...history.evaluations.map((one) => [
      name,
      seed,
      one.epoch,
      one.step,
      one.split,
      one.sampleCount,
      one.attack.kind,
      one.attack.epsilon,
      one.clean.errorRate,
      one.adversarial.errorRate,
      one.clean.loss,
      one.adversarial.loss,
      '',
    ]),
    ...history.losses.map(({ epoch, step, loss }) => [
      name,
      seed,
      epoch,
      step,
      'training',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      loss,
    ]),
  ]);
  return toCsv([head, ...rows]);
}
