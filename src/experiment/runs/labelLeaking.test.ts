import { describe, expect, it } from 'vitest';
import { describeLabelLeaking, findLabelLeaking } from './labelLeaking.ts';
import { makeAttack, type MeasuredKind, type Measurement } from './measurements.ts';

function measure(
  kind: MeasuredKind,
  epsilon: number,
  errorRate: number,
  clean: number,
): Measurement {
  return {
    step: 100,
    epoch: 1,
    split: 'test',
    sampleCount: 1000,
    clean: { loss: 0.1, errorRate: clean },
    adversarial: { loss: 1, errorRate },
    attack: makeAttack(kind, epsilon),
  };
}

/** Rows of ε and the errors in percent under random signs, FGSM and PGD. */
function curves(clean: number, rows: readonly (readonly [number, number, number, number])[]) {
  return rows.flatMap(([epsilon, random, fgsm, pgd]) => [
    measure('random-signs', epsilon, random / 100, clean / 100),
    measure('fgsm', epsilon, fgsm / 100, clean / 100),
    measure('margin-pgd', epsilon, pgd / 100, clean / 100),
  ]);
}

/** Trained with ε 0.25, as a review of this project measured it. */
const leaky = curves(27, [
  [0, 27, 27, 27],
  [0.1, 33, 40, 80],
  [0.25, 42, 5.3, 100],
]);
/** The reproduced ABP network, ε 0.08: PGD is far above FGSM, but only beyond the training ε. */
const normal = curves(0.9, [
  [0, 0.9, 0.9, 0.9],
  [0.08, 1, 4.8, 8.6],
  [0.1, 1, 6.6, 13.2],
  [0.15, 1.1, 14.4, 40.3],
  [0.2, 1.2, 24.7, 80],
  [0.25, 1.4, 38.6, 96.9],
]);

describe('label leaking', () => {
  it('is found where FGSM misleads a network less than random signs and no attack do', () => {
    const config = { method: 'adversarial', trainingEpsilon: 0.25 } as const;
    expect(findLabelLeaking(leaky, config)).toEqual({
      epsilon: 0.25,
      fgsm: 0.053,
      randomSigns: 0.42,
      pgd: 1,
      training: null,
    });
  });

  it('is found where training images are misread more often than under FGSM at the training ε', () => {
    const config = { method: 'adversarial', trainingEpsilon: 0.25 } as const;
    // FGSM below no attack is one sign, and the training images the second.
    const fgsm = measure('fgsm', 0.25, 0.2, 0.27);
    const training = { sampleCount: 1000, clean: 0.26, attacked: 0.017 };
    expect(findLabelLeaking([fgsm], config)).toBeNull();
    const leaking = findLabelLeaking([{ ...fgsm, training }], config)!;
    expect(leaking).toMatchObject({ training });
    expect(describeLabelLeaking('ABP', leaking, 'digit')).toContain(
      'On training images it makes 26 errors in 100, and 2 on the same images under FGSM at its training ε.',
    );
    const honest = { sampleCount: 1000, clean: 0.001, attacked: 0.03 };
    expect(findLabelLeaking([{ ...fgsm, training: honest }], config)).toBeNull();
  });

  it('is not found in a network that is robust within its ε, nor in plain ones', () => {
    expect(findLabelLeaking(normal, { method: 'adversarial', trainingEpsilon: 0.08 })).toBeNull();
    const plain = curves(3.5, [
      [0.08, 4, 60, 68],
      [0.1, 4, 76, 83],
      [0.25, 9, 98, 100],
      [0.3, 12, 96, 100],
    ]);
    expect(findLabelLeaking(plain, { method: 'plain', trainingEpsilon: 0.08 })).toBeNull();
    expect(findLabelLeaking([], { method: 'plain', trainingEpsilon: 0.08 })).toBeNull();
  });

  it('takes measurements of one step only', () => {
    const older = leaky.map((one) =>
      one.attack.kind === 'fgsm' ? one : { ...one, step: 50, epoch: 0.5 },
    );
    // Without them, FGSM below clean and the fall of its curve are left.
    expect(findLabelLeaking(older, { method: 'adversarial', trainingEpsilon: 0.25 })).toMatchObject(
      {
        epsilon: 0.25,
        randomSigns: null,
        pgd: null,
      },
    );
  });

  it('is described by the numbers that show it', () => {
    const leaking = findLabelLeaking(leaky, { method: 'adversarial', trainingEpsilon: 0.25 })!;
    expect(describeLabelLeaking('ABP ε 0.25', leaking, 'image')).toContain('on 5 of 100 images,');
    expect(describeLabelLeaking('ABP ε 0.25', leaking, 'digit')).toBe(
      'ABP ε 0.25 reads the label off the attack (label leaking, Kurakin et al. 2017): at ε 0.25 FGSM misleads it on 5 of 100 digits, random signs on 42 and PGD on 100. Its low error under FGSM does not show robustness.',
    );
  });
});
