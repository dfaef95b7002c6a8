import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import {
  makeCheckpointRecord,
  makeCurvesRecord,
  makeExperimentRecord,
  makeRunRecord,
  makeSummaryRecord,
  readCheckpoint,
  readExperimentRecord,
  readSavedRun,
  readSeed,
  readSummary,
  readUnreadable,
  readWithCurves,
} from './records.ts';
import {
  makeCheckpoint,
  makeEvaluation,
  makeSavedExperiment,
  makeSavedRun,
} from './testing/savedExperiments.ts';

const { config } = makeSavedRun('a', 130);
const change = (layer: Partial<Checkpoint['layers'][number]>, rest: Partial<Checkpoint> = {}) => {
  const checkpoint = makeCheckpoint(130);
  const [first, second] = checkpoint.layers;
  return { ...checkpoint, layers: [first!, { ...second!, ...layer }], ...rest };
};
const numbers = (last: number) => Float32Array.from({ length: 40 }, (_, i) => (i < 39 ? 1 : last));

describe('readCheckpoint', () => {
  it('returns what was recorded', () => {
    const record = makeCheckpointRecord(['experiment', 'a'], makeCheckpoint(130));
    expect(readCheckpoint(record, config, 130)).toEqual(makeCheckpoint(130));
  });

  it.each([
    ['weights', change({ parameters: numbers(NaN) }), 'NaN in its weights'],
    ['an overflow', change({ states: [numbers(Infinity)] }), 'NaN in its optimizer state'],
    ['losses', change({}, { scores: new Float32Array(4).fill(NaN) }), 'NaN in its losses'],
    ['a length', change({ parameters: new Float32Array(7) }), 'found something else'],
    [
      'a layer',
      change({}, { layers: makeCheckpoint(130).layers.slice(1) }),
      'expected 2 layers, found 1',
    ],
    ['losses of others', change({}, { scores: new Float32Array(8) }), 'of 2 images, found 4'],
    ['another step', makeCheckpoint(90), 'expected it at step 130, found it at step 90'],
  ])('says what it found: %s', (_, checkpoint, says) => {
    const record = makeCheckpointRecord(['experiment', 'a'], checkpoint);
    expect(readCheckpoint(record, config, 130)).toContain(says);
  });

  it('reports that it found nothing', () => {
    expect(readCheckpoint(undefined, config, 130)).toBe('expected it at step 130, found nothing');
  });
});

describe('readSavedRun', () => {
  it('keeps that weights are from a file, and which seeds failed', () => {
    const opened = { ...makeSavedRun('a', 130), isOpened: true } as const;
    const failed = { ...makeSavedRun('b', 130), failure: 'diverged' } as const;
    const experiment = { ...makeSavedExperiment('e', 130), runs: [opened] };
    const repeats = { seedCount: 2, attackEpsilon: 0.08, finished: [[failed]], runs: [] };
    const record = makeExperimentRecord({ ...experiment, repeats }, [makeRunRecord(opened)], {
      finished: [[makeRunRecord(failed)]],
      runs: [],
    });
    const read = readExperimentRecord(record)!;
    expect(readSummary(makeSummaryRecord(read))).toMatchObject({
      runs: [{ isOpened: true }],
      seedCount: 2,
    });
    expect(
      readSeed([read.repeats!.finished[0]![0]!], [makeCurvesRecord(failed)])![0]!.failure,
    ).toBe('diverged');
  });

  it('restarts a run without a checkpoint and drops its earlier measurements', () => {
    const run = makeSavedRun('a', 130);
    const record = { ...makeRunRecord(run), checkpointStep: null };
    expect(readSavedRun(record, makeCurvesRecord(run), undefined)).toMatchObject({
      progress: null,
      history: { losses: [], evaluations: [] },
      measurements: [],
      checkpoint: null,
    });
  });
});

describe('an experiment record', () => {
  const experiment = makeSavedExperiment('a', 130);
  const record = makeExperimentRecord(experiment, experiment.runs.map(makeRunRecord));

  it('gives a list the newest evaluation of each run without its curves', () => {
    const { runs, ...settings } = experiment;
    const summary = readSummary(structuredClone(makeSummaryRecord(record)))!;
    expect(summary).toMatchObject(settings);
    expect(summary.runs).toEqual(
      runs.map(({ id, name, paletteIndex, config, progress, engine }) => ({
        id,
        name,
        paletteIndex,
        config,
        progress,
        engine,
        history: { losses: [], evaluations: [makeEvaluation(130)] },
        measurements: [],
      })),
    );
  });

  it('prefers the newest evaluation of the whole split', () => {
    const full = { ...makeEvaluation(100), sampleCount: 10_000 };
    const history = { losses: [], evaluations: [full, makeEvaluation(130)] };
    expect(makeRunRecord({ ...makeSavedRun('a', 130), history }).newest).toEqual(full);
  });

  it('gives a comparison the curves, or the newest evaluation if they are damaged', () => {
    const [first, second] = experiment.runs;
    const damaged = { ...makeCurvesRecord(second!), losses: new Float64Array(2) };
    const { runs } = readWithCurves(record, [makeCurvesRecord(first!), damaged]);
    expect(runs[0]).toMatchObject({ history: first!.history, measurements: first!.measurements });
    expect(runs[1]!.history).toEqual({ losses: [], evaluations: [makeEvaluation(130)] });
  });

  it('that is damaged still says when it started and how much space it takes, if these fields are valid', () => {
    const [first, second] = record.runs;
    const damaged = {
      ...record,
      runs: [{ ...first!, config: {} }, { ...second!, bytes: -1 }, null],
    };
    expect(readExperimentRecord(damaged)).toBeNull();
    expect(readUnreadable(damaged)).toEqual({ id: 'a', startedAt: 1000, bytes: first!.bytes });
    const worse = { id: 'a', startedAt: 'today', runs: 7 };
    expect(readUnreadable(worse)).toEqual({ id: 'a', startedAt: null, bytes: 0 });
  });
});
