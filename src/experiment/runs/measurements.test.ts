import { describe, expect, it } from 'vitest';
import { addReading, findCurve, makeAttack, type Reading } from './measurements.ts';

const score = { loss: 1, errorRate: 0.5 };

function makeReading(step: number, sampleCount: number, epsilon = 0.1): Reading {
  return {
    ...{ step, epoch: step / 100, split: 'test', sampleCount, clean: score, adversarial: score },
    attack: makeAttack('fgsm', epsilon),
  };
}

describe('addReading', () => {
  it('replaces one of the same attack, unless that saw more images at the same step', () => {
    const small = makeReading(100, 200);
    const full = makeReading(100, 10_000);
    const later = makeReading(200, 200);
    expect(addReading([small], full)).toEqual([full]);
    expect(addReading([full], small)).toEqual([full]);
    expect(addReading([full], later)).toEqual([later]);
  });

  it('leaves a newer one in place when the answer to an older question comes late', () => {
    const later = makeReading(200, 200);
    expect(addReading([later], makeReading(100, 10_000))).toEqual([later]);
  });
});

describe('findCurve', () => {
  it('takes the readings of the newest moment, by rising ε', () => {
    const readings = [
      makeReading(200, 200, 0.2),
      makeReading(100, 200, 0.3),
      makeReading(200, 200),
    ];
    expect(findCurve(readings, 'fgsm').map(({ attack }) => attack.epsilon)).toEqual([0.1, 0.2]);
  });
});
