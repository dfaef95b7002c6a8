import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConfigs, setupOf } from '../../../experiment/setup/setup.ts';
import { networkTypes, runConfigSchema, trainingMethods } from '../../../domain/settings/config.ts';
import { describeSeconds, makeRowExperiment, shortenExperiment } from './rowExperiment.ts';
import { makeRow, paperConfig } from '../testing/testRows.ts';

const configs = fc.record({
  networkType: fc.constantFrom(...networkTypes),
  method: fc.constantFrom(...trainingMethods),
  hiddenLayers: fc.constantFrom<number[]>([100], [400, 400], [800, 800]),
  epochs: fc.integer({ min: 1, max: 300 }),
  learningRateDecay: fc.double({ min: 0.5, max: 1, noNaN: true }),
});

describe('makeRowExperiment', () => {
  it('gives every run the row’s settings, includes the row’s method, and is a valid setup', () => {
    fc.assert(
      fc.property(configs, (changes) => {
        const config = { ...paperConfig, ...changes };
        const experiment = makeRowExperiment(config, []);
        expect(experiment.configs.map(({ method }) => method)).toContain(config.method);
        expect(experiment.configs.map(({ method }) => method)).toContain('plain');
        for (const one of experiment.configs)
          expect({ ...one, method: config.method }).toEqual(config);
        expect(findConfigs(setupOf(experiment.configs))).toEqual(experiment.configs);
      }),
    );
  });

  it('takes the time of each run from the row that was timed with the same settings', () => {
    const plain = makeRow('plain', [0.015], { method: 'plain' }, { cpuSeconds: 200 });
    const abp = makeRow('abp', [0.009], {}, { cpuSeconds: 350 });
    for (const { config } of [plain, abp]) {
      expect(makeRowExperiment(config!, [plain, abp]).coreSeconds).toBeCloseTo(550);
    }
  });

  it('otherwise estimates the time from the row itself, then from the same type of unit, then from any row', () => {
    const plain = makeRow('plain', [0.015], { method: 'plain' }, { cpuSeconds: 200 });
    const slow = makeRow(
      'tanh',
      [0.02],
      { networkType: 'tanh', method: 'plain' },
      { cpuSeconds: 900 },
    );
    const timed = [slow, plain];
    // METHOD: with layers of 400 units, a step of ABP costs 1.85 times a plain step.
    expect(makeRowExperiment(plain.config!, timed).coreSeconds! / 200).toBeCloseTo(2.85, 1);
    expect(
      makeRowExperiment({ ...plain.config!, epochs: 25 }, timed).coreSeconds! / 100,
    ).toBeCloseTo(2.85, 1);
    const tanh = { ...plain.config!, networkType: 'tanh' } as const;
    expect(makeRowExperiment(tanh, timed).coreSeconds! / 900).toBeCloseTo(2.85, 1);
    expect(makeRowExperiment(plain.config!, []).coreSeconds).toBeNull();
  });
});

describe('shortenExperiment', () => {
  const timed = (cpuSeconds: number) => [
    makeRow('plain', [0.015], { method: 'plain' }, { cpuSeconds }),
  ];

  it('takes about two minutes and lowers the learning rate to the same final value', () => {
    fc.assert(
      fc.property(configs, fc.integer({ min: 1, max: 20_000 }), (changes, seconds) => {
        const whole = makeRowExperiment({ ...paperConfig, ...changes }, timed(seconds));
        const short = shortenExperiment(whole);
        if (short === null) {
          expect(whole.coreSeconds! <= 300 || changes.epochs === 1).toBe(true);
          return;
        }
        const [config] = short.configs;
        expect(config!.epochs).toBeLessThan(changes.epochs);
        if (config!.epochs > 1) expect(short.coreSeconds).toBeLessThanOrEqual(120 + 1e-6);
        for (const one of short.configs) expect(runConfigSchema.safeParse(one).success).toBe(true);
        const { learningRateDecay: decay, epochs } = config!;
        const end = changes.learningRateDecay ** (changes.epochs - 1);
        if (epochs > 1 && decay > 0.1) expect(decay ** (epochs - 1) / end).toBeCloseTo(1, 1);
      }),
    );
  });

  it('returns null when the experiment is short or its time is unknown', () => {
    const plain = { ...paperConfig, method: 'plain' } as const;
    expect(shortenExperiment(makeRowExperiment(plain, timed(60)))).toBeNull();
    expect(shortenExperiment(makeRowExperiment(plain, []))).toBeNull();
  });
});

it('describes times without false precision', () => {
  expect([4, 47, 89, 100, 566, 5000, 9000].map(describeSeconds)).toEqual([
    'about 10 seconds',
    'about 50 seconds',
    'about 90 seconds',
    'about 2 minutes',
    'about 9 minutes',
    'about 83 minutes',
    'about 2.5 hours',
  ]);
});
