import { expect, it } from 'vitest';
import { defaultConfig } from '../shared/config.ts';
import { encodeNetwork, decodeNetwork } from '../shared/networkFile.ts';
import { encodeRace, parseRace } from './raceFile.ts';
import { createRun } from './run.ts';
import { makeExperimentRecord, makeRunRecord, readExperimentRecord } from './storage/records.ts';
import { makeSavedExperiment } from './storage/testing/savedExperiments.ts';

// What was saved before there was a choice of data and of their pixels' order must still be read.

const { permutationSeed, dataSet, ...older } = { ...defaultConfig, hiddenLayers: [2] };
const config = { ...defaultConfig, hiddenLayers: [2] };

it('is read in saved experiments', () => {
  const experiment = makeSavedExperiment('a', 5);
  const runs = experiment.runs.map((run) => ({ ...makeRunRecord(run), config: older }));
  const record = { ...makeExperimentRecord(experiment, []), runs };
  expect(readExperimentRecord(record)?.runs.map((run) => run.config)).toEqual([config, config]);
});

it('is read in race files', () => {
  const run = createRun('r', { name: 'ABP', slot: 2, config });
  const text = encodeRace([run], { attackEpsilon: 0.1, engine: 'SIMD', savedAt: new Date(0) });
  const written = JSON.stringify({ dataSet, permutationSeed }).slice(1, -1);
  const shortened = JSON.stringify(JSON.parse(text)).replace(`${written},`, '');
  expect(shortened).not.toMatch(/permutationSeed|dataSet/);
  expect(parseRace(shortened, 'race.json').runs[0]!.config).toEqual(config);
});

it('is read in weights files', () => {
  const layers = [
    { rows: 5, columns: 2, parameters: new Float32Array(10) },
    { rows: 3, columns: 3, parameters: new Float32Array(9) },
  ];
  const facts = { config, features: 4, classes: 3, stepsTrained: 1, trainSeconds: null };
  const bytes = encodeNetwork(layers, facts, { config: JSON.stringify(older) });
  expect(decodeNetwork(bytes).config).toEqual(config);
});
