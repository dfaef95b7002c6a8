import { makeAttack } from '../../experiment/runs/measurements.ts';
import { defaultConfig } from '../../domain/settings/config.ts';
import type { Evaluation } from '../../domain/metrics.ts';
import { runStyles } from '../../ui/runStyles.ts';
import type { CurveRun } from './curveSeries.ts';

/** An evaluation for tests, with 100 steps per epoch. */
export function makeEvaluation(step: number, changes: Partial<Evaluation> = {}): Evaluation {
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount: 1000,
    clean: { loss: 1, errorRate: step / 1e5 },
    adversarial: { loss: 2, errorRate: step / 1e4 },
    attack: makeAttack('fgsm', 0.08),
    ...changes,
  };
}

export function makeCurveRun(
  id: string,
  history: Partial<CurveRun['run']['history']> = {},
): CurveRun {
  const run = { id, name: id, paletteIndex: 0, config: defaultConfig };
  return {
    id,
    name: id,
    runStyle: runStyles[0]!,
    isReference: false,
    run: { ...run, history: { evaluations: [], losses: [], ...history } },
  };
}
