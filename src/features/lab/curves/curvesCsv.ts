import { toCsv } from '../../../ui/charts/export/csv.ts';
import type { CurveRun } from './curveSeries.ts';

/** Every measured point of every run, with all digits of rates and losses. */
export function makeCurvesCsv(runs: readonly CurveRun[]): string {
  const head = [
    'run',
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
  const rows = runs.flatMap(({ name, run: { history } }) => [
    ...history.evaluations.map((one) => [
      name,
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
