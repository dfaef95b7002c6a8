import { expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { describeStart } from './openConfigs.ts';
import { createRun } from '../runs/run.ts';
import { createInitialState } from '../state.ts';

it('says how to start the setup’s experiment, and that an experiment on the page stays', () => {
  const state = createInitialState();
  expect(describeStart(state, false)).toBe('Train starts it.');
  expect(describeStart(state, true)).toMatch(/^Train starts it on MNIST\. Your files remain/);
  const run = createRun('one', { name: 'Plain', paletteIndex: 0, config: defaultConfig });
  expect(describeStart({ ...state, runs: [run] }, false)).toBe(
    'The experiment on the page stays as it is: Start over (under ⋯) clears it; then you can train this one.',
  );
});
