import { beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { createRun, type Run, type RunStatus } from '../../../experiment/runs/run.ts';
import { createInitialState, type LabState } from '../../../experiment/state.ts';
import { workDone } from './estimate.ts';
import { watchSpeed } from './speed.ts';

const saved = new Map<string, string>();
beforeEach(() => {
  saved.clear();
  vi.stubGlobal('localStorage', {
    setItem: (key: string, value: string) => saved.set(key, value),
  });
});

const engine = { name: 'SIMD', device: '', isSoftware: false, isFloat32: true, reason: '' };

function makeRun(status: RunStatus, step: number): Run {
  const run = createRun('a', { name: 'Plain', paletteIndex: 0, config: defaultConfig });
  const progress = { stepsPerEpoch: 100, totalSteps: 1000, trainSeconds: 0, samplesPerSecond: 0 };
  return { ...run, status, progress: { ...progress, step, secondsLeft: null } };
}

function setUp() {
  const store = createStore<LabState>(() => ({
    ...createInitialState(),
    engine: { status: 'ready', engine },
  }));
  let ms = 0;
  watchSpeed({ store }, () => ms);
  return (seconds: number, status: RunStatus, step: number) => {
    ms = 1000 * seconds;
    store.setState({ runs: [makeRun(status, step)] });
  };
}

it('saves the work per second of an experiment, from its first steps to its last', () => {
  const at = setUp();
  at(0, 'starting', 0);
  at(2, 'running', 10);
  at(6, 'running', 50);
  expect(saved.size).toBe(0);
  at(7, 'paused', 50);
  const [text] = saved.values();
  expect(JSON.parse(text!)).toEqual({ SIMD: workDone([makeRun('running', 40)]) / 4 });
});

it('does not judge by less than three seconds', () => {
  const at = setUp();
  at(0, 'running', 1);
  at(2.5, 'running', 100);
  at(2.6, 'finished', 100);
  expect(saved.size).toBe(0);
});
