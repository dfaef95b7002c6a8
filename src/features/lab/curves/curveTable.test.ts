import { describe, expect, it } from 'vitest';
import { makeEpochFormat, makeErrorTable, makeLossTable } from './curveTable.ts';
import { makeCurvesCsv } from './curvesCsv.ts';
import { makeCurveRun, makeEvaluation } from './testRuns.ts';

const fast = makeCurveRun('Plain', {
  evaluations: [0, 50, 100].map((step) => makeEvaluation(step)),
  losses: [{ step: 50, epoch: 0.5, loss: 1 }],
});
const slow = makeCurveRun('ABP', { evaluations: [0, 50].map((step) => makeEvaluation(step)) });

describe('makeErrorTable', () => {
  it('puts the measurements of one moment into one row, newest first', () => {
    const { rows, columns, hasMore } = makeErrorTable([fast, slow], 10);
    expect(columns.map(({ name }) => name)).toEqual([
      'Epoch',
      'Step',
      'Images',
      'Attack ε',
      'Plain',
      'ABP',
    ]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1.00', '100', '1,000 test', '0.08', '0.10 %', '1.00 %', '–', '–'],
      ['0.50', '50', '1,000 test', '0.08', '0.05 %', '0.50 %', '0.05 %', '0.50 %'],
      ['0.00', '0', '1,000 test', '0.08', '0.00 %', '0.00 %', '0.00 %', '0.00 %'],
    ]);
    expect(hasMore).toBe(false);
  });

  it('keeps different kinds of measurement in separate rows', () => {
    const full = makeCurveRun('Dropout', {
      evaluations: [makeEvaluation(100, { sampleCount: 10_000 })],
    });
    expect(makeErrorTable([fast, full], 10).rows.length).toBe(4);
  });

  it('shows a limited number of rows and says that there are more', () => {
    const { rows, hasMore } = makeErrorTable([fast, slow], 2);
    expect([rows.length, hasMore]).toEqual([2, true]);
  });
});

describe('makeLossTable', () => {
  it('has one column per run', () => {
    expect(makeLossTable([fast, slow], 10).rows.map(({ cells }) => cells)).toEqual([
      ['0.50', '50', '1.00', '–'],
    ]);
  });
});

describe('makeEpochFormat', () => {
  it.each([
    [
      [1, 2, 3],
      ['1', '2', '3'],
    ],
    [
      [0.5, 1, 2],
      ['0.50', '1.00', '2.00'],
    ],
    [
      [0, 0.0011, 1],
      ['0.000', '0.001', '1.000'],
    ],
    [
      [0, 1e-7, 1],
      ['0.0000', '0.0000', '1.0000'],
    ],
  ])('writes the epochs %j', (epochs, texts) =>
    expect(epochs.map(makeEpochFormat(epochs))).toEqual(texts),
  );
});

describe('makeCurvesCsv', () => {
  it('contains every point of every run', () => {
    const lines = makeCurvesCsv([fast, slow]).trimEnd().split('\r\n');
    expect(lines.length).toBe(1 + 3 + 1 + 2);
    const width = lines[0]!.split(',').length;
    expect(lines.every((line) => line.split(',').length === width)).toBe(true);
    expect(lines[2]).toBe('Plain,1,0.5,50,test,1000,fgsm,0.08,0.0005,0.005,1,2,');
  });

  it('has the other seeds of a run below it', () => {
    const { config, history } = slow.run;
    const repeat = { id: 'later', config: { ...config, seed: 2 }, history };
    const run = { ...slow.run, repeats: [repeat] };
    const lines = makeCurvesCsv([{ ...slow, run }])
      .trimEnd()
      .split('\r\n')
      .slice(1);
    const [first, second] = [lines.slice(0, lines.length / 2), lines.slice(lines.length / 2)];
    expect(second).toEqual(first.map((line) => line.replace(`${slow.name},1,`, `${slow.name},2,`)));
    expect(second).not.toEqual(first);
  });
});
