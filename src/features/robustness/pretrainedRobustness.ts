import type { PretrainedId } from '../../domain/pretrained.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { methodFacts } from '../../domain/settings/methods.ts';
import {
  boundedCount,
  makeAttack,
  makeBounds,
  type MeasuredKind,
  measuredKinds,
  type Measurement,
} from '../../experiment/runs/measurements.ts';
import { assignPaletteIndices } from '../../experiment/setup/paletteIndices.ts';
import { formatCount } from '../../ui/format.ts';
import { describeNetwork } from '../../ui/networks.ts';
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
    readonly errorRates: Readonly<Record<MeasuredKind, readonly number[]>>;
    /** Errors under the strongest attack, and images without a proof, of the first `boundedCount` images. */
    readonly bounds: readonly {
      readonly epsilon: number;
      readonly strongest: number;
      readonly certificate: number;
    }[];
  }[];
}

const { sampleCount, epsilons, networks } = robustnessFile as PretrainedRobustness;
const paletteIndices = assignPaletteIndices(networks.map(({ config }) => config.method));

/** Whose numbers are shown before anything is trained here. All three have the same layers, epochs and seed. */
export const pretrainedOrigin = describeOrigin(networks[0]!.config);
/** The images of their curves; their bounds are of fewer. */
export const pretrainedImages = `Measured on the first ${formatCount(sampleCount)} test images.`;

function describeOrigin(config: RunConfig): string {
  return `These networks are pretrained (${describeNetwork(config)}, ${config.epochs} epochs, seed ${config.seed}); your own replace them once they train.`;
}

/** The networks that come with the page, with their measured curves and bounds. */
export const pretrainedRuns: readonly MeasuredRun['run'][] = networks.map(
  ({ id, config, clean, errorRates, bounds }, index) => {
    const measure = <A extends Measurement['attack']>(
      attack: A,
      errorRate: number,
      count = sampleCount,
    ) => ({
      step: config.epochs * Math.ceil(config.trainingSetSize / config.batchSize),
      epoch: config.epochs,
      split: 'test' as const,
      sampleCount: count,
      // Charts show error rates only; the losses were not saved.
      clean: { loss: Number.NaN, errorRate: clean },
      adversarial: { loss: Number.NaN, errorRate },
      attack,
    });
    return {
      id: `pretrained-${id}`,
      name: methodFacts[config.method].shortName,
      paletteIndex: paletteIndices[index]!,
      config,
      progress: null,
      measurements: [
        ...measuredKinds.flatMap((kind) =>
          epsilons.map((epsilon, at) => measure(makeAttack(kind, epsilon), errorRates[kind][at]!)),
        ),
        ...bounds.flatMap(({ epsilon, strongest, certificate }) => [
          measure(makeBounds(epsilon).strongest, strongest, boundedCount),
          measure(makeBounds(epsilon).certificate, certificate, boundedCount),
        ]),
      ],
    };
  },
);
