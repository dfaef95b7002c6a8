import { expect, it } from 'vitest';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { createRun, type Run } from '../../../experiment/runs/run.ts';
import type { EngineState } from '../../../experiment/state.ts';
import { describeWaiting } from './waiting.ts';

const idle = { status: 'idle' } as const;
const ready = { status: 'ready' } as const;
const engine: EngineState = {
  status: 'ready',
  engine: { name: 'WebGL', device: 'a GPU', isSoftware: false, isFloat32: true, reason: '' },
};
const names = { name: 'Plain', paletteIndex: 0, config: defaultConfig };
const starting: Run = { ...createRun('a', names), activity: 'loading-data' };
const running: Run = { ...createRun('b', names), status: 'running' };

it('says once what all runs wait for, and how far it is', () => {
  const loading = { status: 'loading', loadedBytes: 4_200_000, totalBytes: 9_800_000 } as const;
  expect(describeWaiting([starting, starting], loading, engine)).toEqual({
    text: 'Loading the training images: 4.2 of 9.8 MB',
    fraction: 4.2 / 9.8,
  });
  expect(describeWaiting([starting], idle, engine)?.text).toBe('Loading the training images…');
  expect(describeWaiting([starting], idle, { status: 'starting' })?.text).toContain('engine');
});

it('says that networks are prepared, and on a GPU that shaders are compiled', () => {
  const compiling: Run = { ...starting, activity: 'compiling' };
  expect(describeWaiting([running, compiling], ready, engine)).toEqual({
    text: 'Compiling shaders…',
    fraction: null,
  });
  const simd: EngineState = { ...engine, engine: { ...engine.engine, name: 'SIMD' } };
  expect(describeWaiting([compiling], ready, simd)?.text).toBe('Preparing the networks…');
});

it('says nothing once every run has started', () => {
  expect(describeWaiting([running], ready, engine)).toBeNull();
  expect(describeWaiting([], idle, engine)).toBeNull();
});
