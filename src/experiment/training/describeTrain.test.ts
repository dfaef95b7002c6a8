import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { createRun, type Run, type RunStatus } from '../runs/run.ts';
import { presetOf, setupOfPreset } from '../setup/presets.ts';
import { addEntry, removeEntry, setupOf } from '../setup/setup.ts';
import { noRepeats } from '../runs/repeats.ts';
import { describeTrain } from './describeTrain.ts';

const setup = setupOfPreset(presetOf('quick'));

function makeRun(status: RunStatus, epochs = 3): Run {
  const config = { ...defaultConfig, epochs };
  return { ...createRun('run', { name: 'Plain', paletteIndex: 0, config }), status };
}

describe('describeTrain', () => {
  it('counts the networks that it would train', () => {
    const two = removeEntry(setup, 2);
    const all = [removeEntry(two, 1), two, setup, addEntry(setup)];
    expect(all.map((one) => describeTrain({ repeats: noRepeats, runs: [], setup: one }))).toEqual([
      'Train one network',
      'Train two networks',
      'Train three networks',
      'Train four networks',
    ]);
    expect(describeTrain({ repeats: noRepeats, runs: [makeRun('failed')], setup })).toBe(
      'Train three networks',
    );
  });

  it.each([
    [['starting'], 'Pause'],
    [['running', 'failed'], 'Pause'],
    [['pausing', 'paused'], 'Pause'],
    [['paused', 'finished'], 'Continue training'],
  ] as const)('says what it does while the runs are %j: %s', (statuses, label) => {
    expect(
      describeTrain({ repeats: noRepeats, runs: statuses.map((one) => makeRun(one)), setup }),
    ).toBe(label);
  });

  it('trains the setup after a finished experiment that had other settings', () => {
    expect(describeTrain({ repeats: noRepeats, runs: [makeRun('finished')], setup })).toBe(
      'Train three networks',
    );
  });

  it.each([
    [[1], 'Train 1 epoch more'],
    [[3, 3], 'Train 3 epochs more'],
    [[600], 'Train 400 epochs more'], // up to the most that a run can have
    [[3, 5], 'Train longer'],
    [[1000], 'Train longer'],
  ])(
    'says how many more epochs a finished experiment of %j is trained for: %s',
    (epochs, label) => {
      const runs = epochs.map((one) => makeRun('finished', one));
      expect(
        describeTrain({
          repeats: noRepeats,
          runs,
          setup: setupOf(runs.map(({ config }) => config)),
        }),
      ).toBe(label);
    },
  );
});
