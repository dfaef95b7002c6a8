import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig, type TrainingMethod } from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';
import type { StepInspection } from '../../domain/analysis/stepInspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { createRun } from '../runs/run.ts';
import { changeEntry } from '../setup/setup.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { findMissing, trainingEpsilonOf } from './inspectedQuestion.ts';
import { createStepInspection } from './stepInspection.ts';

const progress = {
  step: 0,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainSeconds: 0,
  samplesPerSecond: 0,
  secondsLeft: null,
};

function makeRun(id: string, method: TrainingMethod, epsilon: number, step: number) {
  const config = { ...defaultConfig, method, trainingEpsilon: epsilon };
  const run = createRun(id, { name: id, paletteIndex: 0, config });
  return { ...run, hasNetwork: true, progress: { ...progress, step } };
}

/** Two runs and three digits; the test returns the results. */
function setUp(answerMs = 0) {
  const store = createStore<LabState>(() => ({
    ...createInitialState(),
    runs: [makeRun('plain', 'plain', 0.08, 0), makeRun('abp', 'adversarial', 0.1, 0)],
  }));
  const inspectStep = vi.fn<TrainingClient['inspectStep']>(async (_, image, label, epsilon) => {
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
    return { step: 0, epsilon, label, image } as unknown as StepInspection;
  });
  const client = { inspectStep } as unknown as TrainingClient;
  const controller = createStepInspection(store, sliceOf(store, 'inspection'), () => client);
  const loadDigits = () => {
    const images = new Float32Array(3 * 784).map((_, i) => Math.floor(i / 784) / 10);
    const examples = {
      ...store.getState().examples,
      images: { images, labels: Uint8Array.of(7, 2, 1) },
    };
    store.setState({ examples });
  };
  const advance = (step: number) =>
    store.setState({
      runs: store.getState().runs.map((run) => ({ ...run, progress: { ...progress, step } })),
    });
  return {
    store,
    select: sliceOf(store, 'selectedDigit').update,
    controller,
    inspectStep,
    loadDigits,
    advance,
    state: () => store.getState().inspection,
  };
}

const flush = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the inspected step', () => {
  it('is computed for the adversarial run with its ε once it is visible and a digit is selected', async () => {
    const { controller, inspectStep, loadDigits, state } = setUp();
    loadDigits();
    await flush();
    expect(inspectStep).not.toHaveBeenCalled();
    controller.show(true);
    await flush();
    expect(inspectStep).toHaveBeenCalledOnce();
    const [id, image, label, epsilon] = inspectStep.mock.lastCall!;
    expect([id, image.length, label, epsilon]).toEqual(['abp', 784, 7, 0.1]);
    expect(state().step).toMatchObject({ networkId: 'abp', networkName: 'abp', label: 7 });
  });

  it('updates at once with network, digit and ε', async () => {
    const { select, controller, inspectStep, loadDigits, state } = setUp();
    loadDigits();
    controller.show(true);
    await flush();
    select({ index: 2 });
    await flush();
    expect(inspectStep.mock.lastCall!.slice(2, 4)).toEqual([1, 0.1]);
    expect(inspectStep.mock.lastCall![1][0]).toBeCloseTo(0.2);
    controller.choose({ epsilon: 0.3 });
    await flush();
    expect(inspectStep.mock.lastCall![3]).toBe(0.3);
    controller.choose({ networkId: 'plain', epsilon: null });
    await flush();
    expect(inspectStep.mock.lastCall![0]).toBe('plain');
    // Plain back-propagation has no ε, so that of the experiment is shown.
    expect(state().step!.epsilon).toBe(0.1);
    expect(inspectStep).toHaveBeenCalledTimes(4);
  });

  it('takes ε from the run if its method uses one, otherwise from the experiment, otherwise from the setup', () => {
    const { store } = setUp();
    const [plain, adversarial] = store.getState().runs;
    const state = {
      ...store.getState(),
      runs: [plain!, adversarial!, makeRun('n', 'noise', 0.2, 0)],
    };
    const find = (id: string, config = plain!.config) => trainingEpsilonOf(state, { id, config });
    expect(find('n', state.runs[2]!.config)).toEqual({ epsilon: 0.2, owner: 'run' });
    expect(find('plain')).toEqual({ epsilon: 0.1, owner: 'experiment' });
    expect(find('pretrained')).toEqual({ epsilon: 0.08, owner: 'setup' });
  });

  it('is not shown for a network that was removed or a drawing that was cleared', () => {
    const { select, store } = setUp();
    expect(findMissing(store.getState())).toBeNull();
    select({ kind: 'drawing' });
    expect(findMissing(store.getState())).toBe('drawing');
    store.setState({ runs: [] });
    expect(findMissing(store.getState())).toBe('network');
  });

  it('follows training at most twice a second, and not while it is hidden or held', async () => {
    const { controller, inspectStep, loadDigits, advance } = setUp();
    loadDigits();
    controller.show(true);
    await flush();
    for (let i = 1; i <= 40; i++) {
      advance(i);
      await flush(50);
    }
    const often = inspectStep.mock.calls.length;
    expect(often).toBeGreaterThanOrEqual(4);
    expect(often).toBeLessThanOrEqual(6);
    controller.hold(true);
    await flush(1000);
    const held = inspectStep.mock.calls.length;
    advance(50);
    await flush(2000);
    expect(inspectStep).toHaveBeenCalledTimes(held);
    controller.hold(false); // catches up on what it missed
    await flush(1000);
    expect(inspectStep).toHaveBeenCalledTimes(held + 1);
    controller.show(false);
    advance(60);
    await flush(2000);
    expect(inspectStep).toHaveBeenCalledTimes(held + 1);
  });

  it('pauses twenty times as long as a result took', async () => {
    const { controller, inspectStep, loadDigits, advance } = setUp(100);
    loadDigits();
    controller.show(true);
    await flush(100);
    for (let i = 1; i <= 120; i++) {
      advance(i);
      await flush(50);
    }
    expect(inspectStep.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(inspectStep.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('drops the result of an outdated query', async () => {
    const { select, controller, inspectStep, loadDigits, state } = setUp(100);
    loadDigits();
    controller.show(true);
    await flush(50);
    select({ index: 1 });
    await flush(60);
    expect(state().step).toBeNull();
    await flush(100);
    expect(state().step!.label).toBe(2);
    expect(inspectStep).toHaveBeenCalledTimes(2);
  });

  it('is computed for a digit selected just before it was hidden once it is visible again', async () => {
    const { select, controller, inspectStep, loadDigits, state } = setUp(100);
    loadDigits();
    controller.show(true);
    await flush(50);
    select({ index: 1 });
    controller.show(false);
    await flush(1000);
    expect(inspectStep).toHaveBeenCalledOnce();
    controller.show(true);
    await flush(1000);
    expect(state().step!.label).toBe(2);
  });

  it('labels a drawing by the network’s prediction, or by the class that was selected', async () => {
    const { select, store, controller, inspectStep } = setUp();
    controller.show(true);
    const input = new Float32Array(784).fill(0.5);
    const answer = Float32Array.from({ length: 10 }, (_, digit) => (digit === 4 ? 0.9 : 0.1));
    select({ kind: 'drawing' });
    store.setState({ drawing: { ...store.getState().drawing, input } });
    await flush();
    expect(inspectStep).not.toHaveBeenCalled(); // not predicted yet
    store.setState({
      drawing: { ...store.getState().drawing, predictedInput: input, predictions: { abp: answer } },
    });
    await flush();
    expect(inspectStep.mock.lastCall!.slice(1, 3)).toEqual([input, 4]);
    select({ drawnLabel: 9 });
    await flush();
    expect(inspectStep.mock.lastCall![2]).toBe(9);
  });

  it('takes ε from the setup for a pretrained network', async () => {
    const { store, controller, inspectStep, loadDigits } = setUp();
    const pretrained = {
      id: 'pretrained-plain',
      name: 'Plain (pretrained)',
      paletteIndex: 0,
      hasNetwork: true,
      config: defaultConfig,
      testErrors: { clean: 0, fgsm: 0, pgd: 0 },
    };
    store.setState({ runs: [], pretrained: [pretrained] });
    loadDigits();
    controller.show(true);
    await flush();
    expect(inspectStep.mock.lastCall![3]).toBe(0.08);
    const { setup } = store.getState();
    const entry = setup.entries.find(({ changes }) => changes.method === 'adversarial')!;
    store.setState({ setup: changeEntry(setup, entry.key, { trainingEpsilon: '0.25' }) });
    await flush();
    expect(inspectStep.mock.lastCall![3]).toBe(0.25);
  });

  it('reports an error, and retries once a lost network is back', async () => {
    const { select, store, controller, inspectStep, loadDigits, state } = setUp();
    loadDigits();
    inspectStep.mockRejectedValueOnce(new LabError('memory-exhausted', 'Too large.', 'Smaller.'));
    controller.show(true);
    await flush();
    expect(state().error).toMatchObject({ code: 'memory-exhausted' });
    inspectStep.mockRejectedValueOnce(new LabError('worker-died', 'It died.', 'Restart.'));
    select({ index: 1 });
    await flush();
    expect(state().step).toBeNull();
    store.setState({ runs: [...store.getState().runs] });
    await flush(500); // at its pace
    expect(state().step).toMatchObject({ label: 2 });
    expect(state().error).toBeNull();
  });
});
