import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../domain/metrics.ts';
import { packHistory, unpackHistory } from './packedHistory.ts';
import { attackKinds, makeAttack } from '../runs/measurements.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const score = fc.record({ loss: finite, errorRate: fc.double({ min: 0, max: 1, noNaN: true }) });
const evaluation: fc.Arbitrary<Evaluation> = fc.record({
  step: fc.nat(),
  epoch: finite,
  split: fc.constantFrom('test', 'validation'),
  sampleCount: fc.nat(),
  clean: score,
  adversarial: score,
  attack: fc
    .tuple(fc.constantFrom(...attackKinds), fc.constantFrom(0, 0.08, 0.1))
    .map(([kind, epsilon]) => makeAttack(kind, epsilon)),
});
const loss = fc.record({ step: fc.nat(), epoch: finite, loss: finite });
const byStep = (a: { step: number }, b: { step: number }) => a.step - b.step;
const history = fc.record({
  losses: fc.array(loss).map((list) => list.sort(byStep)),
  evaluations: fc.array(evaluation).map((list) => list.sort(byStep)),
});

describe('packHistory', () => {
  it('restores every number', () => {
    fc.assert(
      fc.property(history, (original) => {
        expect(unpackHistory(structuredClone(packHistory(original)))).toEqual(original);
      }),
    );
  });

  it('refuses NaN, falling steps and a missing attack', () => {
    fc.assert(
      fc.property(history, (original) => {
        fc.pre(original.evaluations.length > 0);
        const packed = packHistory(original);
        const damage = (at: number, value: number) => {
          const evaluations = packed.evaluations.slice();
          evaluations[at] = value;
          return unpackHistory({ ...packed, evaluations });
        };
        expect(damage(0, Number.NaN)).toBeNull();
        expect(damage(0, -1)).toBeNull();
        expect(damage(2, 2)).toBeNull();
        expect(damage(5, 1.5)).toBeNull();
        expect(damage(8, packed.attacks.length)).toBeNull();
        const cut = packed.evaluations.slice(1);
        expect(unpackHistory({ ...packed, evaluations: cut })).toBeNull();
      }),
    );
  });
});
