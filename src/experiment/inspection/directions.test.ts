import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import type { DirectionMeasures } from '../../domain/analysis/directionMeasures.ts';
import { LabError } from '../../domain/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { createRun } from '../runs/run.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { createDirections } from './directions.ts';

const progress = {
  step: 0,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainSeconds: 0,
  samplesPerSecond: 0,
  secondsLeft: null,
};

function setUp() {
  const runs = ['plain', 'abp'].map((id) => ({
    ...createRun(id, {
      name: id,
      paletteIndex: 0,
      config: { ...defaultConfig, trainingEpsilon: 0.1 },
    }),
    hasNetwork: true,
    progress,
  }));
  const store = createStore<LabState>(() => ({ ...createInitialState(), runs }));
  const images = { images: new Float32Array(2 * 784), labels: Uint8Array.of(1, 2) };
  store.setState({ examples: { ...store.getState().examples, images } });
  const measureDirections = vi.fn<TrainingClient['measureDirections']>((id, _, epsilon) =>
    Promise.resolve({ step: id.length, epsilon, count: 2 } as unknown as DirectionMeasures),
  );
  const client = { measureDirections } as unknown as TrainingClient;
  const controller = createDirections(store, sliceOf(store, 'directions'), () => client);
  const advance = (step: number) =>
    store.setState({
      runs: store.getState().runs.map((run) => ({ ...run, progress: { ...progress, step } })),
    });
  return {
    store,
    controller,
    measureDirections,
    advance,
    state: () => store.getState().directions,
  };
}

const flush = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('direction measurements', () => {
  it('are taken for every network, with the step’s ε, once they are visible', async () => {
    const { controller, measureDirections, state } = setUp();
    await flush();
    expect(measureDirections).not.toHaveBeenCalled();
    controller.show(true);
    await flush();
    expect(measureDirections.mock.calls.map(([id, , epsilon]) => [id, epsilon])).toEqual([
      ['plain', 0.1],
      ['abp', 0.1],
    ]);
    expect(Object.keys(state().measures)).toEqual(['plain', 'abp']);
  });

  it('are repeated at once for another ε, and every few seconds while networks train', async () => {
    const { store, controller, measureDirections, advance } = setUp();
    controller.show(true);
    await flush();
    store.setState({ inspection: { ...store.getState().inspection, epsilon: 0.3 } });
    await flush();
    expect(measureDirections).toHaveBeenCalledTimes(4);
    for (let i = 1; i <= 90; i++) {
      advance(i);
      await flush(100);
    }
    expect(measureDirections.mock.calls.length).toBeGreaterThanOrEqual(8);
    expect(measureDirections.mock.calls.length).toBeLessThanOrEqual(10);
    controller.show(false);
    advance(200);
    const before = measureDirections.mock.calls.length;
    await flush(20_000);
    expect(measureDirections).toHaveBeenCalledTimes(before);
  });

  it('for digits that are no longer loaded are dropped and repeated', async () => {
    const { store, controller, measureDirections, state } = setUp();
    const answers: ((measures: DirectionMeasures) => void)[] = [];
    measureDirections.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    controller.show(true);
    const images = { images: new Float32Array(784), labels: Uint8Array.of(3) };
    store.setState({ examples: { ...store.getState().examples, images } });
    for (const answer of answers.splice(0)) answer({ count: 2 } as DirectionMeasures);
    await flush();
    expect(state().measures).toEqual({});
    for (const answer of answers.splice(0)) answer({ count: 1 } as DirectionMeasures);
    await flush();
    expect(state().measures).toMatchObject({ plain: { count: 1 }, abp: { count: 1 } });
  });

  it('are not repeated while the networks do not change', async () => {
    const { store, controller, measureDirections, advance } = setUp();
    controller.show(true);
    await flush();
    advance(1); // due in some seconds …
    store.setState({ inspection: { ...store.getState().inspection, epsilon: 0.3 } }); // … or at once
    await flush();
    expect(measureDirections).toHaveBeenCalledTimes(4);
    await flush(20_000);
    expect(measureDirections).toHaveBeenCalledTimes(4);
  });

  it('report an error once, without endless retries', async () => {
    const { controller, measureDirections, state } = setUp();
    measureDirections.mockRejectedValue(new LabError('memory-exhausted', 'Too large.', 'Smaller.'));
    controller.show(true);
    await flush(10_000);
    expect(state().error).toMatchObject({ code: 'memory-exhausted' });
    expect(measureDirections).toHaveBeenCalledTimes(2);
  });
});
