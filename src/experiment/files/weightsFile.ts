import { type Checkpoint, stateCount } from '../../domain/checkpoint.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { classCountOf, inputCountOf, standardizationOf } from '../../domain/dataSet.ts';
import { cleanName } from '../../domain/cleanName.ts';
import { LabError } from '../../domain/errors.ts';
import {
  type AskedSettings,
  encodeNetwork,
  type NetworkFacts,
  readNetwork,
} from '../../formats/networkFile.ts';
import { emptyHistory } from '../runs/history.ts';
import { assignPaletteIndices } from '../setup/paletteIndices.ts';
import type { SavedExperiment, SavedRun } from '../storage/types.ts';

/** Characters of the file name that become the run's name. */
const maxNameLength = 100;

/** A run's current network as a file. @param checkpoint of a run with this config */
export function encodeWeights(config: RunConfig, checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { step, trainSeconds, layers } = checkpoint;
  return encodeNetwork(layers, {
    config,
    stepsTrained: step,
    trainSeconds,
    classes: classCountOf(config.dataSet),
    features: inputCountOf(config.dataSet),
    standardization: standardizationOf(config.dataSet),
  });
}

/** Steps in an epoch, as the engine counts them. */
export function stepsPerEpoch({ trainingSetSize, batchSize }: RunConfig): number {
  return Math.ceil(trainingSetSize / batchSize);
}

export interface OpenOptions {
  readonly fileName: string;
  /** The page's. */
  readonly attackEpsilon: number;
  /** For a file without settings. */
  readonly asked?: AskedSettings | undefined;
}

/**
 * Reads a weights file as an experiment with one finished run, ready to be examined. The file has no optimizer
 * state, so the run is not meant to continue training. If the network was saved before its last
 * epoch, its settings get as many epochs as it has trained.
 *
 * @param file only its header is read before it is checked
 * @throws LabError 'data-corrupt' that says what was expected and what was found
 */
export async function readWeights(
  file: Blob,
  { fileName, attackEpsilon, asked }: OpenOptions,
): Promise<SavedExperiment> {
  const { layers, ...facts } = await readNetwork(file, asked);
  const { config, epochsTrained } = findTraining(facts);
  const trainSeconds = facts.trainSeconds ?? 0;
  const startedAt = Date.now();
  const id = `${startedAt.toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const short = cleanName(fileName, maxNameLength);
  const totalSteps = stepsPerEpoch(config) * config.epochs;
  const run: SavedRun = {
    id: `${id}-1`,
    name: Number.isInteger(epochsTrained)
      ? short
      : `${short} · after epoch ${epochsTrained.toFixed(2)}`,
    paletteIndex: assignPaletteIndices([config.method])[0]!,
    config,
    progress: {
      step: totalSteps,
      stepsPerEpoch: stepsPerEpoch(config),
      totalSteps,
      trainSeconds,
      samplesPerSecond: 0,
      secondsLeft: null,
    },
    history: emptyHistory,
    measurements: [],
    isOpened: true,
    checkpoint: {
      step: totalSteps,
      layers: layers.map((layer) => ({
        ...layer,
        states: Array.from(
          { length: stateCount[config.optimizer] },
          () => new Float32Array(layer.parameters.length),
        ),
      })),
      scores: new Float32Array(config.batchSize * 2),
      scored: 0,
      trainSeconds,
    },
    engine: null,
  };
  return {
    id,
    startedAt,
    isPaused: false,
    attackEpsilon,
    enginePreference: 'auto',
    runs: [run],
  };
}

/** The settings with training ending where the network was saved. */
function findTraining({ config, stepsTrained, ...facts }: NetworkFacts): {
  config: RunConfig;
  epochsTrained: number;
} {
  const features = inputCountOf(config.dataSet);
  const classes = classCountOf(config.dataSet);
  if (facts.features !== features || facts.classes !== classes) {
    refuse(
      `a network should take ${features} pixels and distinguish ${classes} classes, but this one takes ${facts.features} and distinguishes ${facts.classes}`,
    );
  }
  const most = stepsPerEpoch(config) * config.epochs;
  if (stepsTrained > most) {
    refuse(`its settings end after ${most} steps, but it claims ${stepsTrained}`);
  }
  const epochsTrained = stepsTrained / stepsPerEpoch(config);
  return { config: { ...config, epochs: Math.max(1, Math.ceil(epochsTrained)) }, epochsTrained };
}

function refuse(what: string): never {
  throw new LabError(
    'data-corrupt',
    `This network cannot be examined here: ${what}.`,
    'Open weights that this page saved, or its command line from MNIST.',
  );
}
