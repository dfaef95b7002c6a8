import { createReproducibleBackend } from '../pretrain/measure.ts'; // first, as it says there
import type { ImageSet } from '../../src/data/imageSet.ts';
import { slice, splitTraining } from '../../src/data/splits.ts';
import { defaultConfig, type RunConfig } from '../../src/domain/settings/config.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import { findLabelLeaking } from '../../src/experiment/runs/labelLeaking.ts';
import {
  makeAttack,
  measuredKinds,
  type Measurement,
  sweptEpsilons,
} from '../../src/experiment/runs/measurements.ts';
import { presets } from '../../src/experiment/setup/presets.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { readDataDirectory } from '../train/dataDirectory.ts';

const count = 1000;
const noYield = () => Promise.resolve();

/** Trains a network, and measures it as the page does after the last epoch. */
async function measureTrained(config: RunConfig, all: ImageSet, test: ImageSet) {
  const backend = await createReproducibleBackend(2);
  try {
    const { training } = splitTraining(all, config);
    const trainer = new Trainer(backend, config, training);
    while (trainer.step < trainer.totalSteps) trainer.trainStep();
    const at = {
      step: trainer.step,
      epoch: config.epochs,
      split: 'test',
      sampleCount: count,
    } as const;
    const set = slice(test, 0, count);
    const measurements: Measurement[] = [];
    for (const kind of measuredKinds) {
      for (const epsilon of sweptEpsilons) {
        const attack = makeAttack(kind, epsilon);
        const scores = await evaluate(backend, trainer.network, set, count, attack, noYield);
        measurements.push({ ...at, attack, ...scores });
      }
    }
    return findLabelLeaking(measurements, config);
  } finally {
    backend.dispose();
  }
}

/**
 * Trains the ABP network of the Quick look with many seeds, which must not be said to leak labels, and that of "Too much
 * ε" with a few, which must.
 *
 * @returns what went wrong
 */
export async function tryLabelLeaking(normalSeeds: number, leakingSeeds: number) {
  const { training, test } = await readDataDirectory(mnistSourceFolder());
  const faults: string[] = [];
  const configOf = (id: (typeof presets)[number]['id'], seed: number, trainingEpsilon: number) => ({
    ...defaultConfig,
    ...presets.find((preset) => preset.id === id)!.shared,
    method: 'adversarial' as const,
    trainingEpsilon,
    seed,
  });
  let alarms = 0;
  for (let seed = 1; seed <= normalSeeds; seed++) {
    const leaking = await measureTrained(configOf('quick', seed, 0.08), training, test);
    if (leaking === null) continue;
    alarms++;
    faults.push(`ABP ε 0.08, seed ${seed}, is said to leak labels: ${JSON.stringify(leaking)}`);
  }
  let named = 0;
  for (let seed = 1; seed <= leakingSeeds; seed++) {
    const leaking = await measureTrained(configOf('too-much', seed, 0.25), training, test);
    if (leaking === null) faults.push(`ABP ε 0.25, seed ${seed}, is not said to leak labels`);
    else named++;
  }
  return {
    faults,
    figures: `${alarms} false alarms with ${normalSeeds} seeds of ABP ε 0.08; ${named} of ${leakingSeeds} seeds of ABP ε 0.25 named`,
  };
}
