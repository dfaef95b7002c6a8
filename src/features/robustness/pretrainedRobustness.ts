import type { PretrainedId } from '../../domain/pretrained.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { methodFacts } from '../../domain/settings/methods.ts';
import { attackKinds, type AttackKind, makeAttack } from '../../experiment/runs/measurements.ts';
import { assignPaletteIndices } from '../../experiment/setup/paletteIndices.ts';
import robustnessFile from './pretrainedRobustness.json' with { type: 'json' };
import type { MeasuredRun } from './robustnessSeries.ts';

/** The file that `npm run first-screen` writes: error rates of the networks that come with the page. */
export interface PretrainedRobustness {
  /** Test images, from the first on. */
  readonly sampleCount: number;
  readonly epsilons: readonly number[];
  readonly networks: readonly {
    readonly id: PretrainedId;
    readonly name: string;
    readonly config: RunConfig;
    readonly clean: number;
    /** By attack, in the order of `epsilons`. */
    readonly errorRates: Readonly<Record<AttackKind, readonly number[]>>;
  }[];
}

const { sampleCount, epsilons, networks } = robustnessFile as PretrainedRobustness;
const paletteIndices = assignPaletteIndices(networks.map(({ config }) => config.method));

/** The networks that come with the page, with their measured curves. */
export const pretrainedRuns: readonly MeasuredRun['run'][] = networks.map(
  ({ id, config, clean, errorRates }, index) => ({
    id: `pretrained-${id}`,
    name: methodFacts[config.method].shortName,
    paletteIndex: paletteIndices[index]!,
    config,
    progress: null,
    measurements: attackKinds.flatMap((kind) =>
      epsilons.map((epsilon, at) => ({
        step: config.epochs * Math.ceil(config.trainingSetSize / config.batchSize),
        epoch: config.epochs,
        split: 'test' as const,
        sampleCount,
        // Curves show error rates only; the losses were not saved.
        clean: { loss: Number.NaN, errorRate: clean },
        adversarial: { loss: Number.NaN, errorRate: errorRates[kind][at]! },
        attack: makeAttack(kind, epsilon),
      })),
    ),
  }),
);
