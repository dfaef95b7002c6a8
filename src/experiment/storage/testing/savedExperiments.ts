import type { Checkpoint } from '../../../domain/checkpoint.ts';
import { defaultConfig, type RunConfig } from '../../../domain/settings/config.ts';
import type { Evaluation } from '../../../domain/metrics.ts';
import type { SavedExperiment, SavedRun } from '../types.ts';
import { makeAttack } from '../../runs/measurements.ts';

const config: RunConfig = { ...defaultConfig, hiddenLayers: [3], batchSize: 2 };

export function makeEvaluation(step: number): Evaluation {
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount: 1000,
    clean: { loss: 1 / (step + 3), errorRate: 0.1 },
    adversarial: { loss: 2.5, errorRate: 0.1 + 0.2 },
    attack: makeAttack('fgsm', 0.08),
  };
}

/** A checkpoint of a small network with irregular numbers. */
export function makeCheckpoint(step: number): Checkpoint {
  const numbers = (count: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(step + i));
  const layer = (rows: number, columns: number) => ({
    rows,
    columns,
    parameters: numbers(rows * columns),
    states: [numbers(rows * columns)],
  });
  return {
    step,
    layers: [layer(785, 3), layer(4, 10)],
    scores: numbers(4),
    scored: 2,
    trainSeconds: 1 / 3,
  };
}

/** A run as it is saved after `step` updates; 0 means before its first checkpoint. */
export function makeSavedRun(id: string, step: number): SavedRun {
  const isNew = step === 0;
  return {
    id,
    name: `ABP ${id}`,
    paletteIndex: 2,
    config,
    progress: isNew
      ? null
      : {
          step,
          stepsPerEpoch: 100,
          totalSteps: 500,
          trainSeconds: 1.5,
          samplesPerSecond: 12_345.678,
          secondsLeft: null,
        },
    history: isNew
      ? { losses: [], evaluations: [] }
      : {
          losses: [{ step, epoch: step / 100, loss: 0.1 + 0.2 }],
          evaluations: [makeEvaluation(0), makeEvaluation(step)],
        },
    measurements: isNew ? [] : [{ ...makeEvaluation(step), attack: makeAttack('pgd', 0.1) }],
    checkpoint: isNew ? null : makeCheckpoint(step),
    engine: isNew ? null : 'SIMD',
  };
}

export function makeSavedExperiment(id: string, step: number, startedAt = 1000): SavedExperiment {
  return {
    id,
    startedAt,
    isPaused: false,
    attackEpsilon: 0.08,
    enginePreference: 'auto',
    runs: [makeSavedRun(`${id}-1`, step), makeSavedRun(`${id}-2`, step)],
  };
}
