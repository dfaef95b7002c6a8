import { describe, expect, it } from 'vitest';
import {
  addMeasurement,
  findCurve,
  makeAttack,
  makeBounds,
  type Measurement,
} from './measurements.ts';
import { measurementSchema } from './runSchemas.ts';

const score = { loss: 1, errorRate: 0.5 };

function makeMeasurement(step: number, sampleCount: number, epsilon = 0.1): Measurement {
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount,
    clean: score,
    adversarial: score,
    attack: makeAttack('fgsm', epsilon),
  };
}

describe('addMeasurement', () => {
  it('replaces a measurement under the same attack, unless that one saw more images at the same step', () => {
    const small = makeMeasurement(100, 200);
    const full = makeMeasurement(100, 10_000);
    const later = makeMeasurement(200, 200);
    expect(addMeasurement([small], full)).toEqual([full]);
    expect(addMeasurement([full], small)).toEqual([full]);
    expect(addMeasurement([full], later)).toEqual([later]);
  });

  it('keeps a newer measurement when the result of an older query arrives late', () => {
    const later = makeMeasurement(200, 200);
    expect(addMeasurement([later], makeMeasurement(100, 10_000))).toEqual([later]);
  });
});

describe('findCurve', () => {
  it('returns the measurements of the newest step, by rising ε', () => {
    const measurements = [
      makeMeasurement(200, 200, 0.2),
      makeMeasurement(100, 200, 0.3),
      makeMeasurement(200, 200),
    ];
    expect(findCurve(measurements, 'fgsm').map(({ attack }) => attack.epsilon)).toEqual([0.1, 0.2]);
  });
});

describe('a stored bound', () => {
  it('is read back, from the numbers of storage and from JSON', () => {
    const { strongest, certificate } = makeBounds(0.08);
    for (const attack of [strongest, certificate]) {
      const measurement = {
        ...makeMeasurement(100, 1000),
        adversarial: { loss: Number.NaN, errorRate: 0.3 },
        attack,
      };
      expect(measurementSchema.parse(structuredClone(measurement))).toEqual(measurement);
      expect(measurementSchema.parse(JSON.parse(JSON.stringify(measurement)))).toEqual(measurement);
      const withLoss = { ...measurement, adversarial: { loss: 1, errorRate: 0.3 } };
      expect(measurementSchema.safeParse(withLoss).success).toBe(false);
    }
  });
});
