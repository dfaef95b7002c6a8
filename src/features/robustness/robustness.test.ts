import { describe, expect, it } from 'vitest';
import {
  type MeasuredKind,
  makeAttack,
  type Measurement,
} from '../../experiment/runs/measurements.ts';
import { defaultConfig, type TrainingMethod } from '../../domain/settings/config.ts';
import { runStyles } from '../../ui/runStyles.ts';
import { describeEmptyL2, describeKind } from './findings.ts';
import { markEpsilons } from './robustnessMarks.ts';
import { describeMeasurement, makeSeries, type MeasuredRun } from './robustnessSeries.ts';
import { makeRobustnessCsv, makeRobustnessTable } from './robustnessTable.ts';
import { describeMatrix, describeMoment, describeTransfer } from './transfer/transferFindings.ts';

function read(kind: MeasuredKind, epsilon: number, errorRate: number, step = 100): Measurement {
  const score = { loss: 1, errorRate };
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount: 200,
    clean: score,
    adversarial: score,
    attack: makeAttack(kind, epsilon),
  };
}

/** Error rates at ε 0 and 0.1 for all kinds of attack. */
function readAll(randomSigns: number, fgsm: number, pgd: number): Measurement[] {
  return [
    read('fgsm', 0, 0.02),
    read('random-signs', 0.1, randomSigns),
    read('fgsm', 0.1, fgsm),
    read('margin-pgd', 0.1, pgd),
  ];
}

function makeRun(
  name: string,
  measurements: Measurement[],
  method: TrainingMethod = 'plain',
): MeasuredRun {
  const config = { ...defaultConfig, method };
  const progress = {
    step: 100,
    stepsPerEpoch: 100,
    totalSteps: 300,
    trainSeconds: 1,
    samplesPerSecond: 1,
    secondsLeft: 1,
  };
  return {
    id: name,
    name,
    runStyle: runStyles[0]!,
    isReference: false,
    run: { id: name, name, paletteIndex: 0, config, progress, measurements },
  };
}

function moveOn(drawn: MeasuredRun, step: number): MeasuredRun {
  return { ...drawn, run: { ...drawn.run, progress: { ...drawn.run.progress!, step } } };
}

describe('makeSeries', () => {
  it('draws the newest moment, and older measurements faintly', () => {
    const measurements = [
      read('fgsm', 0, 0.1, 200),
      read('fgsm', 0.1, 0.5),
      read('margin-pgd', 0.1, 0.6),
    ];
    const series = makeSeries('fgsm', makeRun('Plain', measurements));
    expect([...series.xs]).toEqual([0]);
    expect(series.faint.map(({ x, y }) => [x, y])).toEqual([[0.1, 0.5]]);
    expect(series.describe(0)).toEqual({
      value: '10.00 %',
      details: ['ε 0.00', 'first 200 test images', 'after epoch 2'],
    });
  });

  it('is stale when the run has trained further', () => {
    const drawn = makeRun('Plain', readAll(0.02, 0.5, 0.6));
    expect(makeSeries('margin-pgd', drawn).isStale).toBe(false);
    expect(makeSeries('margin-pgd', moveOn(drawn, 101)).isStale).toBe(true);
    expect(describeMeasurement('margin-pgd', [drawn])).toBe(
      'First 200 test images, after epoch 1.',
    );
    expect(describeMeasurement('margin-pgd', [moveOn(drawn, 101)])).toContain('Gray:');
    expect(describeMeasurement('margin-pgd', [])).toBe('');
  });
});

describe('describeKind', () => {
  const say = (kind: MeasuredKind, ...runs: MeasuredRun[]) =>
    describeKind(
      kind,
      runs.map(({ name, run }) => ({ name, measurements: run.measurements })),
      0.08,
    );
  const plain = makeRun('Plain', readAll(0.025, 0.7, 0.9));
  const trained = makeRun('ABP', readAll(0.02, 0.12, 0.13));

  it('compares random signs with FGSM when they hardly fool the network', () => {
    expect(say('random-signs', plain, trained)).toBe(
      'At ε 0.10 they add at most 0.5 points of error; FGSM adds 68.0 points to Plain.',
    );
  });

  it('does not say so when the numbers do not show it', () => {
    const noisy = makeRun('Dropout', readAll(0.2, 0.7, 0.9));
    const unmoved = makeRun('PGD', readAll(0.02, 0.05, 0.06));
    expect(say('random-signs', plain, noisy)).not.toContain('At ε');
    expect(say('random-signs', unmoved)).not.toContain('At ε');
    expect(say('random-signs')).toBe('Every pixel moves by ε, up or down at random.');
  });

  it('does not compare measurements from different moments or on different images', () => {
    const mixed = makeRun('Plain', [...readAll(0.02, 0.7, 0.9).slice(1), read('fgsm', 0, 0.1, 50)]);
    expect(say('random-signs', mixed, trained)).not.toContain('At ε');
    const stale = makeRun('Plain', [read('fgsm', 0.1, 0.7), read('margin-pgd', 0.1, 0.9, 50)]);
    expect(say('margin-pgd', stale, trained)).not.toContain('At ε');
    const more = makeRun('Plain', [{ ...read('fgsm', 0.1, 0.7), sampleCount: 10_000 }]);
    expect(say('fgsm', more, trained)).not.toContain('At ε');
    expect(say('fgsm', makeRun('Plain', []), trained)).not.toContain('At ε');
  });

  it('speaks of the page’s ε if FGSM and PGD are measured there, also on more images than the curves', () => {
    const runs = [plain, trained].map((one, index) => {
      const all = (['fgsm', 'margin-pgd'] as const).map((kind, at) => ({
        ...read(kind, 0.08, 0.1 + at / 10 + index / 2),
        sampleCount: 10_000,
      }));
      return { ...one, run: { ...one.run, measurements: [...one.run.measurements, ...all] } };
    });
    expect(say('fgsm', ...runs)).toBe(
      'At ε 0.08, errors lie between 10.00 % (Plain) and 60.00 % (ABP).',
    );
    expect(say('margin-pgd', ...runs)).toMatch(/^At ε 0.08 .* adds 10\.0 points to /);
    expect(say('random-signs', ...runs)).toMatch(/^At ε 0\.10 /);
  });

  it('gives the spread under FGSM and calls PGD stronger only when it is', () => {
    expect(say('fgsm', plain, trained)).toContain('12.00 % (ABP) and 70.00 % (Plain)');
    expect(say('margin-pgd', plain, trained)).toContain('adds 20.0 points to Plain');
    expect(say('margin-pgd', plain, makeRun('X', readAll(0.02, 0.5, 0.4)))).not.toContain('At ε');
  });
});

describe('describeEmptyL2', () => {
  const none = { isMeasuring: false, isHidden: false, hasNetworks: false };

  it('asks for training only where no network is trained', () => {
    expect(describeEmptyL2(none)).toMatch(/^Train networks/);
    expect(describeEmptyL2({ ...none, hasNetworks: true })).toBe('Press Measure on 1,000.');
  });

  it('asks for no measurement that is made or under way', () => {
    const trained = { ...none, hasNetworks: true };
    expect(describeEmptyL2({ ...trained, isMeasuring: true })).not.toContain('Press');
    expect(describeEmptyL2({ ...trained, isHidden: true })).not.toContain('Press');
  });
});

describe('markEpsilons', () => {
  it('marks the training ε of the runs and the attack ε of the page', () => {
    const runs = [makeRun('Plain', []), makeRun('ABP ε 0.08', [], 'adversarial')];
    const texts = markEpsilons(runs, 0.3, 0.5).map(({ x, text }) => [x, text]);
    expect(texts).toEqual([
      [0.08, 'ABP ε 0.08'],
      [0.3, 'attack ε 0.30'],
    ]);
    expect(markEpsilons(runs, 0.6, 0.5).length).toBe(1);
  });
});

describe('makeRobustnessTable', () => {
  it('has a row for each attack and ε', () => {
    const runs = [makeRun('Plain', readAll(0.02, 0.7, 0.9)), makeRun('ABP', [])];
    const { rows } = makeRobustnessTable(runs);
    expect(rows.map(({ cells }) => cells)[2]).toEqual([
      'FGSM',
      '0.10',
      '70.00 %',
      '200',
      '1',
      '–',
      '–',
      '–',
    ]);
    expect(rows.length).toBe(4);
    expect(makeRobustnessCsv(runs).split('\r\n')[3]).toBe(
      'Plain,fgsm,linf,0.1,true,1,100,test,200,0.7,1',
    );
  });
});

describe('describeMoment', () => {
  const at = (step: number) => ({
    progress: {
      step,
      stepsPerEpoch: 100,
      totalSteps: 300,
      trainSeconds: 1,
      samplesPerSecond: 1,
      secondsLeft: null,
    },
  });

  it('names the epochs after which a matrix was measured and says if training has continued', () => {
    expect(describeMoment([at(200), at(200)], [200, 200])).toBe('after epoch 2');
    expect(describeMoment([at(100), at(150)], [100, 150])).toBe('after epochs 1 to 1.5');
    expect(describeMoment([at(200), at(300)], [200, 200])).toBe(
      'after epoch 2 (training has continued since)',
    );
    expect(describeMoment([{ progress: null }], [0])).toBe('after epoch 0');
  });

  it('states the attack, ε and images of the matrix', () => {
    const matrix = { kind: 'margin-pgd', epsilon: 0.2, sampleCount: 1000, steps: [200] } as const;
    expect(describeMatrix({ ...matrix, runIds: ['plain'], errorRates: [[0.5]] }, [at(200)])).toBe(
      'Error rates after epoch 2 under PGD-20, ε 0.20, on the first 1,000 test images.',
    );
  });
});

describe('describeTransfer', () => {
  const names = ['Plain', 'ABP'];

  it('says what the matrix shows', () => {
    expect(
      describeTransfer(names, [
        [0.9, 0.05],
        [0.4, 0.2],
      ]),
    ).toBe(
      'Every network is fooled most by its own attack. Among the transferred attacks, those crafted on ABP and tested on Plain fool most often: 40.00 %.',
    );
    expect(
      describeTransfer(names, [
        [0.3, 0.05],
        [0.4, 0.2],
      ]),
    ).not.toContain('own attack');
    // 5 points more under a foreign attack may be chance, and more is a sign of masked gradients.
    for (const [own, isMasked] of [
      [0.05, true],
      [0.26, false],
    ] as const) {
      const sentence = describeTransfer(names, [
        [0.9, 0.3],
        [0.4, own],
      ]);
      expect(sentence.includes('ABP makes more errors under the attack crafted on Plain')).toBe(
        isMasked,
      );
      expect(sentence.includes('Athalye et al. 2018')).toBe(isMasked);
    }
    expect(describeTransfer(['Plain'], [[0.9]])).toBe('');
  });
});
