import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkTypes, type RunConfig, trainingMethods } from '../../domain/settings/config.ts';
import { publishedErrors } from '../../domain/published.ts';
import { runStyles } from '../../ui/runStyles.ts';
import { cleanMeasure, listMeasures, measureUnder } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import { listPaperRows } from './paperRows.ts';
import { hasRowSettings } from './sources.ts';
import { clipped, makeRow, otherData, paperConfig } from './testing/testRows.ts';

const attacked = measureUnder(clipped);

function own(changes: Partial<RunConfig> = {}): OwnPoint {
  return {
    id: 'mine',
    name: 'Mine',
    runStyle: runStyles[0]!,
    isReference: false,
    config: { ...paperConfig, ...changes },
    error: {
      errorRate: 0.1,
      step: 1,
      epoch: 1,
      split: 'test',
      sampleCount: 10_000,
      isWhole: true,
      mistakes: null,
    },
    attack: null,
    isUnfinished: false,
  };
}

const changes: fc.Arbitrary<Partial<RunConfig>> = fc.record({
  networkType: fc.constantFrom(...networkTypes),
  method: fc.constantFrom(...trainingMethods),
  epochs: fc.constantFrom(3, 10, 50, 60),
  hiddenLayers: fc.constantFrom([100], [400, 400], [800, 800]),
  permutationSeed: fc.constantFrom(null, null, 7, 101),
  dataSet: fc.constantFrom(null, null, null, otherData),
});
const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
const summaries = fc
  .array(fc.tuple(changes, values, fc.boolean()), { maxLength: 12 })
  .map((rows) =>
    rows.map(([config, errors, isChosen], index) =>
      isChosen || errors.length > 0
        ? makeRow(`row-${index}`, errors, config)
        : makeRow(`row-${index}`, [], config, { config: null }),
    ),
  );
const runs = fc.array(changes.map(own), { maxLength: 6 });
const measures = fc.constantFrom(cleanMeasure, attacked);

describe('listPaperRows', () => {
  it('keeps other data and permuted pixels apart from the rest', () => {
    fc.assert(
      fc.property(summaries, runs, measures, (summary, mine, measure) => {
        const { groups, others: apart, otherData: others } = listPaperRows(summary, mine, measure);
        for (const { rows } of groups) {
          expect(new Set(rows.map(({ isPermuted }) => isPermuted)).size).toBe(1);
          expect(new Set(rows.map(({ networkType }) => networkType)).size).toBe(1);
          for (const row of rows) {
            expect(row.config?.dataSet ?? null).toBeNull();
            if (row.config) expect(row.config.permutationSeed !== null).toBe(row.isPermuted);
            for (const { config } of row.own) {
              expect(config.dataSet).toBeNull();
              expect(config.networkType).toBe(row.networkType);
              expect(config.method).toBe(row.method);
              expect(config.permutationSeed !== null).toBe(row.isPermuted);
            }
          }
        }
        const all = [...groups, ...(apart === null ? [] : [apart])];
        const placed = all.flatMap(({ rows }) => rows.flatMap((row) => row.own));
        expect(new Set(placed)).toEqual(new Set(mine.filter(({ config }) => !config.dataSet)));
        expect(placed.length + others).toBe(mine.length);
      }),
    );
  });

  it('contains all numbers of the paper, and every row of the plan or a note that it is left out', () => {
    fc.assert(
      fc.property(summaries, measures, (summary, measure) => {
        const { groups, leftOut } = listPaperRows(summary, [], measure);
        const rows = groups.flatMap((group) => group.rows);
        const counted = leftOut.reduce((sum, text) => sum + Number.parseInt(text), 0);
        const planned = rows.filter(({ config }) => config !== null);
        expect(planned.length + counted).toBe(summary.length);
        for (const { published, reproduced } of rows) {
          expect(published !== null || reproduced !== null).toBe(true);
        }
        for (const { networkType, method, errorRate } of publishedErrors) {
          const found = rows.filter((row) => row.published !== null);
          const has = found.some(
            (row) =>
              row.networkType === networkType &&
              row.method === method &&
              row.published === errorRate,
          );
          expect(has).toBe(measure.attack === null);
        }
      }),
    );
  });

  it('puts a run into the row with its settings, and any other run apart with its size', () => {
    const summary = [
      makeRow('abp', [0.009]),
      makeRow('abp-wide', [0.0088], { hiddenLayers: [800, 800], epochs: 60 }),
      makeRow('abp-short', [0.0097], { epochs: 10 }),
    ];
    const placeOf = (changed: Partial<RunConfig>): string | undefined => {
      const { groups, others } = listPaperRows(summary, [own(changed)], cleanMeasure);
      const row = groups.flatMap(({ rows }) => rows).find((one) => one.own.length > 0);
      expect(others === null).toBe(row !== undefined);
      return row?.id ?? others?.rows[0]?.size;
    };
    expect(placeOf({ seed: 7 })).toBe('abp');
    expect(placeOf({ hiddenLayers: [800, 800], epochs: 60 })).toBe('abp-wide');
    expect(placeOf({ epochs: 10 })).toBe('abp-short');
    expect(placeOf({ hiddenLayers: [100], epochs: 3 })).toBe('ReLU 1 × 100, 3 epochs');
    expect(placeOf({ learningRate: 0.02 })).toBe('ReLU 2 × 400, 50 epochs');
    expect(placeOf({ networkType: 'tanh' })).toBe('Tanh 2 × 400, 50 epochs');
    expect(placeOf({ permutationSeed: 7 })).toBe('ReLU 2 × 400, 50 epochs');
  });

  it('groups what the plan compares, with titles that say layers and epochs', () => {
    const wide = { hiddenLayers: [1600, 1600], epochs: 24 };
    const weightDecay = { ...wide, method: 'plain', weightDecay: 0.1 } as const;
    const summary = [
      makeRow('relu1600-plain', [0.013], { ...wide, method: 'plain' }, { paper: 0.014 }),
      makeRow('relu1600-weight-decay', [0.013], weightDecay),
      makeRow('relu400-plain', [0.015], { method: 'plain', epochs: 200 }),
      makeRow('relu400-adversarial', [0.009], { epochs: 300 }),
      makeRow('relu-plain', [0.015], { method: 'plain' }),
      makeRow('relu-adversarial', [0.009]),
      makeRow('relu-adversarial-wide', [0.0088], { hiddenLayers: [800, 800], epochs: 60 }),
      makeRow('relu-adversarial-short', [0.0097], { epochs: 10 }),
      makeRow('permuted-plain', [0.02], { epochs: 5, permutationSeed: 101 }),
      makeRow('tanh-plain', [], { networkType: 'tanh' }),
      makeRow('unchosen', [], {}, { config: null }),
      makeRow('cifar', [0.5], { dataSet: otherData, trainingSetSize: 50_000 }),
    ];
    const { groups, leftOut } = listPaperRows(summary, [], cleanMeasure);
    expect(groups.map(({ title, rows }) => [title, ...rows.map(({ id }) => id)])).toEqual([
      ['ReLU 2 × 1600, 24 epochs', 'relu1600-plain', 'relu1600-weight-decay'],
      ['ReLU 2 × 400, 200 to 300 epochs', 'relu400-plain', 'relu400-adversarial'],
      ['ReLU 2 × 400, 50 epochs', 'relu-plain', 'relu-adversarial', 'relu-adversarial-wide'],
      ['Logistic', 'logistic-plain-unplanned', 'logistic-adversarial-unplanned'],
      ['ReLU 2 × 400, 10 epochs', 'relu-adversarial-short'],
      ['ReLU 2 × 400, 5 epochs, pixels permuted', 'permuted-plain'],
    ]);
    expect(groups.map(({ isMain }) => isMain)).toEqual([true, true, true, true, false, false]);
    expect(groups[0]!.rows.map(({ name }) => name)).toEqual(['Plain', 'Plain + weight decay']);
    // The sizes that a title does not say.
    const others = groups.map(({ size, rows }) => rows.filter((row) => row.size !== size));
    expect(others.map((rows) => rows.map((row) => row.size))).toEqual([
      [],
      ['2 × 400, 200 epochs', '2 × 400, 300 epochs'],
      ['2 × 800, 60 epochs'],
      [],
      [],
      [],
    ]);
    expect(leftOut).toEqual([
      '1 network that is still to be trained',
      '1 network whose settings are still to be chosen',
      '1 row about data other than MNIST',
    ]);
  });

  it('gives every group a title of its own', () => {
    fc.assert(
      fc.property(summaries, fc.boolean(), measures, (summary, isApart, measure) => {
        // Each entry a comparison of its own, or all the same one.
        const rows = summary.map((row, index) =>
          isApart ? { ...row, entry: `net${index}-plain` } : row,
        );
        const titles = listPaperRows(rows, [], measure).groups.map(({ title }) => title);
        expect(new Set(titles).size).toBe(titles.length);
      }),
    );
  });

  it('keeps the abstract’s networks apart from others under attack, too', () => {
    const summary = [
      makeRow('relu-plain', [0.015], { method: 'plain' }),
      makeRow('relu-dropout', [0.0136], { method: 'dropout' }),
      makeRow('tanh-plain', [0.0158], { networkType: 'tanh', method: 'plain' }),
    ];
    for (const measure of [cleanMeasure, attacked]) {
      const groups = listPaperRows(summary, [], measure).groups.filter(({ title }) =>
        /^(ReLU|Tanh)/.test(title),
      );
      expect(groups.map(({ isMain }) => isMain)).toEqual([true, false]);
      const planned = groups[0]!.rows.filter(({ config }) => config !== null);
      expect(planned.map(({ isPublished }) => isPublished)).toEqual([true, false]);
    }
  });

  it('has the robustness of the first seed with its own error without attack', () => {
    const robustness = {
      images: 1000,
      attacks: [],
      certified: [],
      training: { images: 10_000, clean: 0.001, fgsm: 0.01 },
    };
    const row = (seed: number) =>
      makeRow('abp', [0.009, 0.01], { seed }, { robustness, seeds: [1, 2] });
    const find = (seed: number) =>
      listPaperRows([row(seed)], [], cleanMeasure).groups[0]!.rows.find(({ id }) => id === 'abp');
    expect(find(2)?.robustness).toEqual({ ...robustness, seed: 2, clean: 0.01 });
    expect(find(3)?.robustness?.clean).toBeNull();
  });

  it('uses the errors under the selected attack', () => {
    const row = listPaperRows([makeRow('abp', [0.009, 0.01])], [], attacked).groups[0]!.rows[0]!;
    expect(row.published).toBeNull();
    expect(row.reproduced).toMatchObject({ spread: { mean: 0.6 }, values: [], seeds: [1, 2] });
  });
});

describe('listMeasures', () => {
  it('lists each attack on MNIST once, after the clean error', () => {
    const rows = [
      makeRow('a', [0.1]),
      makeRow('b', [0.1]),
      makeRow(
        'cifar',
        [0.5],
        { dataSet: otherData },
        {
          attacks: [
            { attack: { ...clipped, epsilon: 0.01 }, spread: { mean: 0.5, deviation: null } },
          ],
        },
      ),
    ];
    expect(listMeasures(rows).map(({ name }) => name)).toEqual([
      'Test error without attack',
      'Error under FGSM, ε 0.08, not clipped',
      'Error under FGSM, ε 0.08, clipped to 0–1',
      'Error under PGD-40, ε 0.08, clipped to 0–1',
    ]);
  });
});

describe('hasRowSettings', () => {
  it('ignores the seed and settings that the run does not use', () => {
    const has = (run: RunConfig, planned: RunConfig = paperConfig): boolean =>
      hasRowSettings({ config: run }, { config: planned });
    expect(has({ ...paperConfig, seed: 9 })).toBe(true);
    const plain = { ...paperConfig, method: 'plain', trainingEpsilon: 0.3 } as const;
    expect(has(plain, { ...plain, trainingEpsilon: 0.08 })).toBe(true);
    for (const changed of [
      { epochs: 3 },
      { hiddenLayers: [100] },
      { learningRate: 0.002 },
      { clipTrainingImages: true },
      { holdOutValidation: true },
      { permutationSeed: 7 },
    ]) {
      expect(has({ ...paperConfig, ...changed })).toBe(false);
    }
    expect(hasRowSettings({ config: paperConfig }, { config: null })).toBe(false);
  });
});
