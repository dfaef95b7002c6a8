import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { mnistSourceFolder } from '../tools/build/mnistPlugin.ts';
import { mnistFiles } from '../src/data/mnistFiles.ts';
import { Float64Backend } from '../src/engine/backends/float64/backend.ts';
import { inspectStep } from '../src/engine/analysis/inspectStep.ts';
import { layerShapes, makeNetwork } from '../src/engine/network.ts';
import { nextRule } from '../src/engine/trainingStep.ts';
import { type LayerCheckpoint, stateCount } from '../src/domain/checkpoint.ts';
import type { RunConfig } from '../src/domain/settings/config.ts';
import { readNetwork } from '../src/formats/networkFile.ts';
import type { StepInspection } from '../src/domain/analysis/stepInspection.ts';

/** A network, and what its optimizer remembers. */
export interface ReferenceNetwork {
  readonly config: RunConfig;
  readonly layers: readonly LayerCheckpoint[];
  /** Weight updates that made it. */
  readonly step: number;
  /** Updates that the optimizer remembers. */
  readonly remembered: number;
}

export type ReferenceStep = Omit<StepInspection, 'hasOptimizerMemory'> & {
  readonly config: RunConfig;
};

/** A network as a file has it: the optimizer's memory is not in there, its next step is a first one. */
export async function networkOfFile(file: Buffer): Promise<ReferenceNetwork> {
  const { config, layers, stepsTrained } = await readNetwork(new Blob([new Uint8Array(file)]));
  return {
    config,
    step: stepsTrained,
    remembered: 0,
    layers: layers.map((layer) => ({
      ...layer,
      states: Array.from(
        { length: stateCount[config.optimizer] },
        () => new Float32Array(layer.rows * layer.columns),
      ),
    })),
  };
}

/** The present experiment's first run as the browser keeps it; null until it has one after that many steps. */
export async function readSavedNetwork(page: Page, step: number): Promise<ReferenceNetwork | null> {
  const kept = await page.evaluate(async () => {
    const answerTo = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const database = await answerTo(indexedDB.open('adversarial-gradient-lab'));
    try {
      const stores = database.transaction(['state', 'experiments', 'checkpoints']);
      const present = (await answerTo(stores.objectStore('state').get('present'))) as string;
      const ofExperiment = IDBKeyRange.bound([present], [present, []]);
      const [experiment, checkpoints] = await Promise.all([
        answerTo<unknown>(stores.objectStore('experiments').get(present)),
        answerTo(stores.objectStore('checkpoints').getAll(ofExperiment)),
      ]);
      if (experiment === undefined || checkpoints.length === 0) return null;
      const { step, layers } = checkpoints[0] as { step: number; layers: LayerCheckpoint[] };
      return {
        config: (experiment as { runs: { config: RunConfig }[] }).runs[0]!.config,
        step,
        layers: layers.map(({ rows, columns, parameters, states }) => ({
          rows,
          columns,
          parameters: [...parameters],
          states: states.map((state) => [...state]),
        })),
      };
    } finally {
      database.close();
    }
  });
  if (kept?.step !== step) return null;
  return {
    config: kept.config,
    step,
    remembered: step,
    layers: kept.layers.map(({ rows, columns, parameters, states }) => ({
      rows,
      columns,
      parameters: Float32Array.from(parameters),
      states: states.map((state) => Float32Array.from(state)),
    })),
  };
}

/** The step on the float64 reference, on a test digit. */
export async function computeReference(
  { config, layers, step, remembered }: ReferenceNetwork,
  index: number,
  epsilon: number,
): Promise<ReferenceStep> {
  const { image, label } = readTestDigit(index);
  const backend = new Float64Backend();
  const parameters = layers.map((layer) => layer.parameters);
  const network = makeNetwork(backend, layerShapes(config, 784, 10), parameters, config.loss);
  const states = layers.map((layer) =>
    layer.states.map((state) => backend.upload(state, layer.rows, layer.columns)),
  );
  const epoch = Math.floor(step / Math.ceil(config.trainingSetSize / config.batchSize));
  const rule = nextRule(config, epoch, remembered);
  const state = { network, states, config, step, rule };
  return { ...(await inspectStep(backend, state, image, label, epsilon)), config };
}

export function readTestDigit(index: number): { image: Float32Array; label: number } {
  const read = (name: string) => readFileSync(path.join(mnistSourceFolder(), name));
  const pixels = read(mnistFiles.test.images.name).subarray(
    16 + 784 * index,
    16 + 784 * (index + 1),
  );
  const label = read(mnistFiles.test.labels.name)[8 + index]!;
  return { image: Float32Array.from(pixels, (pixel) => pixel / 255), label };
}
