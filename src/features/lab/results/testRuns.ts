import { type Mistakes, packMistakes } from '../../../domain/mistakes.ts';
import { drawPixelOrder } from '../../../domain/pixelOrder.ts';
import type { Evaluation } from '../../../domain/metrics.ts';
import { type MeasuredKind, makeAttack } from '../../../experiment/runs/measurements.ts';
import { defaultConfig, type RunConfig } from '../../../domain/settings/config.ts';
import type { JudgedRun } from '../../../experiment/runs/measuredErrors.ts';

/** A measurement, by default after the last of 300 steps. */
export function read(
  kind: MeasuredKind,
  errorRate: number,
  changes: Partial<Evaluation> & { clean?: Evaluation['clean']; epsilon?: number } = {},
): Evaluation {
  const { epsilon = 0.08, ...others } = changes;
  const made = {
    step: 300,
    epoch: 3,
    split: 'test' as const,
    sampleCount: 10_000,
    clean: { loss: 1, errorRate: 0.02 },
    adversarial: { loss: 1, errorRate },
    attack: makeAttack(kind, epsilon),
    ...others,
  };
  const { clean, adversarial, sampleCount } = made;
  const mistakes = {
    clean: drawMistakes(clean.errorRate, sampleCount),
    adversarial: drawMistakes(adversarial.errorRate, sampleCount),
  };
  return { mistakes, ...made };
}

/** Mistakes on images that follow from the rate; those of other rates are on other images. */
function drawMistakes(errorRate: number, sampleCount: number): Mistakes {
  const count = Math.round(errorRate * sampleCount);
  const order = drawPixelOrder(count, sampleCount)!;
  return packMistakes(Uint8Array.from(order, (place) => (place < count ? 1 : 0)));
}

interface Errors {
  readonly clean?: number;
  readonly fgsm: number;
  readonly pgd: number;
}

/** A finished run of 3 epochs with measurements. */
export function makeRun(
  name: string,
  errors: Errors | null,
  changes: Partial<RunConfig> = {},
  trainSeconds = 3,
): JudgedRun {
  const config: RunConfig = { ...defaultConfig, method: 'plain', epochs: 3, ...changes };
  const clean = { loss: 1, errorRate: errors?.clean ?? 0.02 };
  const measurements =
    errors === null
      ? []
      : [read('fgsm', errors.fgsm, { clean }), read('margin-pgd', errors.pgd, { clean })];
  return {
    id: name,
    name,
    paletteIndex: 0,
    config,
    measurements,
    progress: {
      step: 300,
      stepsPerEpoch: 100,
      totalSteps: 300,
      trainSeconds,
      samplesPerSecond: 1,
      secondsLeft: 0,
    },
    history: { losses: [], evaluations: errors === null ? [] : [read('fgsm', 0.5, { clean })] },
  };
}
