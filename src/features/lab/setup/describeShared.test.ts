import { describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../../../domain/settings/config.ts';
import { presetOf, setupOfPreset } from '../../../experiment/setup/presets.ts';
import { setupOf } from '../../../experiment/setup/setup.ts';
import { describeShared } from './describeShared.ts';

const same =
  'Same settings: all start from the same weights and see the same batches in the same order.';

function describeRuns(...changes: Partial<RunConfig>[]): string {
  return describeShared(setupOf(changes.map((one) => ({ ...defaultConfig, ...one }))).entries);
}

describe('describeShared', () => {
  it('calls settings the same only when all are, except method and ε', () => {
    expect(describeShared(setupOfPreset(presetOf('quick')).entries)).toBe(same);
    expect(
      describeRuns(
        { method: 'adversarial', trainingEpsilon: 0.1 },
        { method: 'adversarial', trainingEpsilon: 0.2 },
      ),
    ).toBe(same);
  });

  it('names the different settings and says whether weights and batches are shared', () => {
    expect(describeRuns({}, { learningRate: 0.01, epochs: 7 })).toBe(
      'Not all settings are the same: the runs differ in learning rate and epochs. All start from the same weights and see the same batches in the same order.',
    );
    expect(describeRuns({}, { batchSize: 7 })).toContain('batch size. All start from the same');
    expect(describeRuns({}, { networkType: 'tanh' })).toContain(
      'but start from different weights.',
    );
    expect(describeRuns({}, { seed: 8 })).toContain('different weights and see different batches.');
    expect(describeShared(setupOfPreset(presetOf('cifar10')).entries)).toContain(
      'the runs differ in learning rate. All start from the same weights',
    );
  });

  it('ignores settings that a method does not use', () => {
    expect(describeRuns({ method: 'plain', hiddenDropoutRate: 0.1 }, { method: 'dropout' })).toBe(
      same,
    );
    expect(
      describeRuns({ method: 'dropout', hiddenDropoutRate: 0.1 }, { method: 'dropout' }),
    ).toContain('differ in hidden dropout.');
  });
});
