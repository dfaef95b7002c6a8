import { describe, expect, it } from 'vitest';
import { attackSchema } from './attackSchema.ts';

const fgsm = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const pgd = { ...fgsm, kind: 'pgd', steps: 20, stepSize: 0.01, seed: 1 } as const;

describe('attackSchema', () => {
  it.each([fgsm, pgd])('accepts $kind with and without a target', (attack) => {
    expect(attackSchema.parse(attack)).toEqual(attack);
    expect(attackSchema.parse({ ...attack, target: 0 })).toEqual({ ...attack, target: 0 });
    // The last of a hundred classes.
    expect(attackSchema.parse({ ...attack, target: 99 })).toEqual({ ...attack, target: 99 });
    for (const target of [100, -1, 1.5, '3', null, undefined, NaN]) {
      expect(attackSchema.safeParse({ ...attack, target }).success).toBe(false);
    }
  });

  it('refuses a target for random signs', () => {
    const signs = { ...fgsm, kind: 'random-signs', seed: 1 };
    expect(attackSchema.safeParse(signs).success).toBe(true);
    expect(attackSchema.safeParse({ ...signs, target: 3 }).success).toBe(false);
  });
});
