import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';
import { encodeExperimentFile, isImported, parseExperimentFile } from './experimentFile.ts';
import type { Evaluation } from '../../domain/metrics.ts';
import { makeAttack } from '../runs/measurements.ts';
import { createRun, type Run } from '../runs/run.ts';

function read(step: number, kind: Parameters<typeof makeAttack>[0]): Evaluation {
  return {
    step,
    epoch: step / 10,
    split: 'test',
    sampleCount: 10_000,
    clean: { loss: 0.123456789, errorRate: 0.0123 },
    adversarial: { loss: 3.5, errorRate: 0.9 },
    attack: makeAttack(kind, 0.08),
  };
}

const run: Run = {
  ...createRun('r1', { name: 'ABP ε 0.08', paletteIndex: 2, config: defaultConfig }),
  progress: {
    step: 20,
    stepsPerEpoch: 10,
    totalSteps: 20,
    trainSeconds: 1.25,
    samplesPerSecond: Infinity,
    secondsLeft: null,
  },
  history: {
    losses: [{ step: 10, epoch: 1, loss: 0.5 }],
    evaluations: [read(10, 'fgsm'), read(20, 'fgsm')],
  },
  measurements: [read(20, 'fgsm'), read(20, 'pgd'), read(20, 'random-signs')],
};
const savedAt = new Date('2026-03-04T05:06:07.000Z');
const text = encodeExperimentFile([run], { attackEpsilon: 0.08, engine: 'SIMD', savedAt });
type Json = Record<string, unknown>;
const parsed = JSON.parse(text) as Json & { runs: Json[] };

describe('parseExperimentFile', () => {
  it('restores what was saved, under new ids', () => {
    const experiment = parseExperimentFile(text, 'experiment.json');
    expect(experiment).toMatchObject({
      fileName: 'experiment.json',
      attackEpsilon: 0.08,
      startedAt: +savedAt,
    });
    expect(isImported(experiment)).toBe(true);
    const { name, paletteIndex, config, history, measurements } = run;
    expect(experiment.runs[0]).toMatchObject({ name, paletteIndex, config, history, measurements });
    expect(experiment.runs[0]!.progress).toEqual({ ...run.progress, samplesPerSecond: 0 });
    expect(experiment.runs[0]!.id).not.toBe('r1');
    expect(parseExperimentFile(text, 'experiment.json').id).not.toBe(experiment.id);
  });

  it('restores the other seeds, with the result of every image', () => {
    const mistakes = { clean: 'A'.repeat(1668), adversarial: '/'.repeat(1668) };
    const measurements = [{ ...read(20, 'margin-pgd'), mistakes }];
    const seedOf = (seed: number) => ({ ...run, measurements, config: { ...run.config, seed } });
    const diverged = { ...seedOf(4), failure: 'diverged' as const };
    const repeats = { attackEpsilon: 0.08, finished: [[seedOf(2)], [seedOf(3)], [diverged]] };
    const about = { attackEpsilon: 0.1, engine: 'SIMD', savedAt };
    const saved = encodeExperimentFile([run], { ...about, repeats });
    const found = parseExperimentFile(saved, 'experiment.json');
    expect(found.repeats?.attackEpsilon).toBe(0.08);
    expect(found.repeats?.finished.map(([one]) => one!.config.seed)).toEqual([2, 3, 4]);
    expect(found.repeats?.finished.map(([one]) => one!.failure)).toEqual([
      undefined,
      undefined,
      'diverged',
    ]);
    expect(found.repeats?.finished[1]![0]).toMatchObject({ measurements, history: run.history });
    expect(new Set(found.repeats!.finished.flat().map(({ id }) => id)).size).toBe(3);
    // Older pages can read the file of an experiment without repeats.
    const none = encodeExperimentFile([run], { ...about, repeats: { ...repeats, finished: [] } });
    expect(JSON.parse(none)).not.toHaveProperty('repeats');
    const cut = saved.replace('A'.repeat(1668), 'A'.repeat(1664));
    expect(() => parseExperimentFile(cut, 'experiment.json')).toThrow(LabError);
  });

  it.each([
    ['a seed without one of its runs', [], 'should have the experiment’s 1 runs, but has 0'],
    ['a seed with two runs', [{ seed: 2 }, { seed: 2 }], 'runs, but has 2'],
    ['a seed with other settings', [{ seed: 2, learningRate: 0.5 }], 'except for the seed'],
    ['the experiment’s own seed', [{ seed: defaultConfig.seed }], 'Each seed should be there once'],
  ])('refuses %s', (_, changes, message) => {
    const finished = [changes.map((one) => ({ ...run, config: { ...run.config, ...one } }))];
    const about = { attackEpsilon: 0.1, engine: 'SIMD', savedAt };
    const saved = encodeExperimentFile([run], {
      ...about,
      repeats: { attackEpsilon: 0.08, finished },
    });
    expect(() => parseExperimentFile(saved, 'x.json')).toThrow(message);
    expect(() => parseExperimentFile(saved, 'x.json')).toThrow('“repeats.finished.0”');
  });

  it('reads the older names of fields', () => {
    const older = text.replace('"paletteIndex"', '"slot"').replace('"measurements"', '"readings"');
    expect(older).not.toBe(text);
    const [restored] = parseExperimentFile(older, 'race.json').runs;
    expect(restored).toMatchObject({ paletteIndex: 2, measurements: run.measurements });
  });

  /** The file with changes to its first run. */
  const change = (changes: object) => ({ ...parsed, runs: [{ ...parsed.runs[0], ...changes }] });

  it.each([
    ['a truncated file', text.slice(0, -20), 'should be JSON, but is not, or was cut short'],
    [
      'another JSON',
      '{"a":1}',
      'its “format” should be "adversarial-gradient-lab race", but is missing',
    ],
    ['null', 'null', 'but is missing'],
    ['a later version', { ...parsed, version: 2 }, 'its “version” should be 1, but is 2'],
    ['no runs', { ...parsed, runs: [] }, '“runs”'],
    ['too many runs', { ...parsed, runs: Array(5).fill(parsed.runs[0]) }, '“runs”'],
    ['more than it should have', { ...parsed, extra: 1 }, 'extra'],
    [
      'settings beyond a limit',
      { ...parsed, runs: [{ ...parsed.runs[0], config: { ...defaultConfig, epochs: 0 } }] },
      '“runs.0.config.epochs” is not as expected. Epochs must be a whole number from 1 to 1000',
    ],
    [
      'an error rate above 1',
      text.replaceAll('"errorRate":0.9', '"errorRate":9'),
      '“runs.0.history.evaluations.0.adversarial.errorRate”',
    ],
    ['a number beyond all numbers', text.replace('"loss":0.5', '"loss":1e999'), 'losses.0.loss'],
    ['a loss that no engine computes', text.replace('"loss":0.5', '"loss":1e300'), 'losses.0.loss'],
    [
      'seconds beyond all sense',
      change({ progress: { ...run.progress, trainSeconds: 1e300 } }),
      '“runs.0.progress.trainSeconds”',
    ],
    [
      'a step after the last',
      change({ progress: { ...run.progress, step: 1e9 } }),
      '“runs.0.progress”',
    ],
    [
      'more steps than its epochs have',
      change({ progress: { ...run.progress, totalSteps: 1e9 } }),
      'It has more steps than its epochs.',
    ],
    [
      'a curve after its last step',
      text.replace('"losses":[{"step":', '"losses":[{"step":99999999'),
      'It has points after the last step.',
    ],
    [
      'curves that go back',
      text.replace('"step":10,"epoch":1,"split"', '"step":10,"epoch":9,"split"'),
      'in the order of their epochs',
    ],
  ])('refuses %s', (_, file, message) => {
    const act = () =>
      parseExperimentFile(typeof file === 'string' ? file : JSON.stringify(file), 'x.json');
    expect(act).toThrow(message);
    expect(act).toThrow(LabError);
  });

  it('throws only LabError for any text', { timeout: 30_000 }, () => {
    const isRefused = (file: string): void => {
      try {
        parseExperimentFile(file, 'x.json');
      } catch (error) {
        expect(error).toBeInstanceOf(LabError);
      }
    };
    fc.assert(fc.property(fc.string(), isRefused));
    fc.assert(fc.property(fc.json(), isRefused));
    const change = fc.record({
      at: fc.nat(text.length),
      removed: fc.nat(12),
      put: fc.oneof(fc.string({ maxLength: 5 }), fc.json({ maxDepth: 1 })),
    });
    fc.assert(
      fc.property(change, ({ at, removed, put }) =>
        isRefused(text.slice(0, at) + put + text.slice(at + removed)),
      ),
      { numRuns: 2000 },
    );
    const key = fc.constantFrom(
      'name',
      'paletteIndex',
      'config',
      'progress',
      'history',
      'measurements',
    );
    fc.assert(
      fc.property(key, fc.jsonValue(), (field, value) =>
        isRefused(JSON.stringify({ ...parsed, runs: [{ ...parsed.runs[0], [field]: value }] })),
      ),
      { numRuns: 1000 },
    );
  });
});
