import { describe, expect, it } from 'vitest';
import { defaultConfig, limits } from '../../domain/settings/config.ts';
import { classCount } from '../../domain/dataSet.ts';
import { layerShapes } from '../../engine/network.ts';
import { piecesOf } from '../../engine/activations.ts';
import type { Evaluation } from '../../domain/metrics.ts';
import { EvaluationSchedule } from '../../worker/run/evaluationSchedule.ts';
import type { History, LossPoint } from '../runs/history.ts';
import { makeAttack } from '../runs/measurements.ts';
import { LabError } from '../../domain/errors.ts';
import {
  addReference,
  adoptSettings,
  fileNameOf,
  maxBytes,
  readLabFile,
  saveExperiment,
  saveWeights,
} from './files.ts';
import { removeReference } from './removeReference.ts';
import { createLab, type Lab } from '../lab.ts';
import { encodeExperimentFile, parseExperimentFile } from './experimentFile.ts';
import { createRun } from '../runs/run.ts';
import { stepsPerEpoch } from './weightsFile.ts';

describe('readLabFile', () => {
  it.each([
    ['notes.txt', 'abc', 'should end with .safetensors (weights) or .json (an experiment)'],
    ['experiment.json', 'abc', 'should be JSON'],
    ['RACE.JSON', '{}', '“format”'],
    ['a.safetensors', '{"a": 1}', 'This is not a whole safetensors file'],
  ])('refuses %s with a reason', async (name, content, message) => {
    const reading = readLabFile(new File([content], name), 0.08);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(LabError);
  });

  it('refuses a file that is too large without reading it', async () => {
    const file = {
      name: 'experiment.json',
      size: 2 ** 40,
      text: () => Promise.reject(new Error('It was read.')),
    } as unknown as File;
    await expect(readLabFile(file, 0.08)).rejects.toThrow(
      'A .json file should have at most 268,435,456 bytes, but this one has 1,099,511,627,776.',
    );
  });

  it('accepts the longest experiment that the page saves: four runs of 1,000 epochs with ten seeds', () => {
    const config = { ...defaultConfig, epochs: limits.epochs.max };
    const steps = stepsPerEpoch(config);
    const totalSteps = steps * config.epochs;
    const schedule = new EvaluationSchedule(config.batchSize, steps, totalSteps);
    const losses: LossPoint[] = [];
    const evaluations: Evaluation[] = [];
    const score = { loss: 0.12345678901234568, errorRate: 0.012345678901234567 };
    for (let step = 1; step <= totalSteps; step++) {
      const moment = { step, epoch: step / steps };
      if (schedule.isLossDue(step)) losses.push({ ...moment, loss: score.loss });
      if (schedule.due(step) === null) continue;
      const images = { split: 'validation', sampleCount: 10_000 } as const;
      const attack = makeAttack('fgsm', 0.08);
      evaluations.push({ ...moment, ...images, clean: score, adversarial: score, attack });
    }
    const lengthOf = (history: History) => {
      const run = { ...createRun('a', { name: 'ABP ε 0.08', paletteIndex: 4, config }), history };
      const about = { attackEpsilon: 0.08, engine: 'SIMD', savedAt: new Date(0) };
      return encodeExperimentFile([run], about).length;
    };
    const longest = 4 * 10 * lengthOf({ losses, evaluations });
    expect(longest).toBeGreaterThan(240e6);
    expect(longest).toBeLessThan(maxBytes['.json']);
  });

  it('accepts the weights of the largest network: six layers of maxout units for color images', () => {
    const { hiddenLayers, unitsPerLayer, columnsPerLayer } = limits;
    const units = Array.from({ length: hiddenLayers.max }, () => unitsPerLayer.max);
    const maxoutPieces = columnsPerLayer.max / unitsPerLayer.max;
    const config = { networkType: 'maxout', maxoutPieces, hiddenLayers: units } as const;
    const shapes = layerShapes(config, 32 * 32 * 3, classCount);
    const parameterCount = shapes
      .map((shape) => (shape.fanIn + 1) * shape.units * piecesOf(shape.activation))
      .reduce((sum, one) => sum + one);
    expect(4 * parameterCount).toBeGreaterThan(215e6);
    expect(4 * parameterCount).toBeLessThan(maxBytes['.safetensors']);
  });

  it('reports a file that the browser cannot read', async () => {
    const file = {
      name: 'experiment.json',
      size: 10,
      text: () => Promise.reject(new DOMException('It is gone', 'NotFoundError')),
    } as unknown as File;
    await expect(readLabFile(file, 0.08)).rejects.toThrow('could not read the file: It is gone');
  });
});

describe('fileNameOf', () => {
  it.each([
    ['ABP ε 0.08', 'abp-eps-0.08'],
    ['Plain · seed 2', 'plain-seed-2'],
    ['abp.safetensors', 'abp'],
    ['../..', 'network'],
    ['例', 'network'],
  ])('%s', (name, expected) => expect(fileNameOf(name)).toBe(expected));
});

/** A lab without an engine that holds an experiment of one run. */
function makeLab(): Lab {
  const lab = createLab(() => {
    throw new Error('Workers are forbidden here.');
  });
  const config = { ...defaultConfig, seed: 7, method: 'noise' } as const;
  lab.update({ runs: [createRun('a', { name: 'Random signs ε 0.08', paletteIndex: 4, config })] });
  return lab;
}

describe('an experiment from a file', () => {
  it('is shown beside the present one, passes its settings to the next, and can be removed', () => {
    const lab = makeLab();
    const experiment = parseExperimentFile(saveExperiment(lab), 'experiment.json');
    addReference(lab, experiment);
    expect(lab.store.getState().references).toEqual([experiment]);
    adoptSettings(lab, experiment);
    const { shared, entries } = lab.store.getState().setup;
    expect([shared.seed, entries.map(({ name }) => name)]).toEqual(['7', ['Random signs ε 0.08']]);
    removeReference(lab, experiment.id);
    expect(lab.store.getState().references).toEqual([]);
    expect(lab.store.getState().runs).toHaveLength(1);
  });
});

describe('saveWeights', () => {
  it('reports that no engine holds the network', async () => {
    const lab = makeLab();
    await expect(saveWeights(lab, lab.store.getState().runs[0]!)).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
  });
});
