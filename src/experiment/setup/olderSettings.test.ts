import { expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { encodeNetwork, readNetwork } from '../../formats/networkFile.ts';
import { encodeExperimentFile, parseExperimentFile } from '../files/experimentFile.ts';
import { createRun } from '../runs/run.ts';
import { makeExperimentRecord, makeRunRecord, readExperimentRecord } from '../storage/records.ts';
import { makeSavedExperiment } from '../storage/testing/savedExperiments.ts';

// Files saved before the choice of data set and pixel order existed must still be readable.

const { permutationSeed, dataSet, ...older } = { ...defaultConfig, hiddenLayers: [2] };
const config = { ...defaultConfig, hiddenLayers: [2] };

it('is read in saved experiments', () => {
  const experiment = makeSavedExperiment('a', 5);
  const runs = experiment.runs.map((run) => ({ ...makeRunRecord(run), config: older }));
  const record = { ...makeExperimentRecord(experiment, []), runs };
  expect(readExperimentRecord(record)?.runs.map((run) => run.config)).toEqual([config, config]);
});

it('is read in experiment files', () => {
  const run = createRun('r', { name: 'ABP', paletteIndex: 2, config });
  const text = encodeExperimentFile([run], {
    attackEpsilon: 0.1,
    engine: 'SIMD',
    savedAt: new Date(0),
  });
  const isNew = (name: string): boolean => name in { dataSet, permutationSeed };
  const shortened = JSON.stringify(JSON.parse(text), (name, value: unknown) =>
    isNew(name) ? undefined : value,
  );
  expect(shortened).not.toMatch(/permutationSeed|dataSet/);
  expect(parseExperimentFile(shortened, 'experiment.json').runs[0]!.config).toEqual(config);
});

it('is read in experiment files with any order of settings', () => {
  const text =
    '{"format":"adversarial-gradient-lab race","version":1,"savedAt":"1970-01-01T00:00:00.000Z","engine":"SIMD","attackEpsilon":0.1,"runs":[{"name":"ABP","paletteIndex":2,"config":{"networkType":"relu","hiddenLayers":[2],"maxoutPieces":2,"loss":"bce","method":"adversarial","trainingEpsilon":0.08,"pgdSteps":7,"pgdStepSize":0.02,"cleanLossWeight":0.5,"clipTrainingImages":false,"inputDropoutRate":0.1,"hiddenDropoutRate":0.5,"optimizer":"rmsprop","learningRate":0.001,"learningRateDecay":0.94,"batchSize":64,"epochs":5,"trainingSetSize":60000,"holdOutValidation":false,"dataSet":null,"permutationSeed":null,"seed":1},"progress":null,"history":{"losses":[],"evaluations":[]},"measurements":[]}]}';
  expect(parseExperimentFile(text, 'experiment.json').runs[0]!.config).toEqual(config);
});

it('is read in weights files', async () => {
  const layers = [
    { rows: 5, columns: 2, parameters: new Float32Array(10) },
    { rows: 3, columns: 3, parameters: new Float32Array(9) },
  ];
  const facts = { config, features: 4, classes: 3, stepsTrained: 1, trainSeconds: null };
  const bytes = encodeNetwork(layers, facts, { config: JSON.stringify(older) });
  expect((await readNetwork(new Blob([bytes]))).config).toEqual(config);
});
