import { MantineProvider } from '@mantine/core';
import { act, createElement, Profiler } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it } from 'vitest';
import { createLab } from '../../../experiment/lab.ts';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import { LabContext } from '../../../experiment/useLab.ts';
import type { ClientEvent, TrainingClient } from '../../../worker/client.ts';
import { SetupPanel } from './SetupPanel.tsx';

/** A client that does nothing except emit the test's events. */
function createSilentClient() {
  let listener: (event: ClientEvent) => void = () => undefined;
  const ignore = (): void => undefined;
  const client: TrainingClient = {
    start: ignore,
    load: () => new Promise(ignore),
    resume: ignore,
    pause: ignore,
    reset: ignore,
    setAttack: ignore,
    terminate: ignore,
    attack: () => new Promise(ignore),
    classify: () => new Promise(ignore),
    inspectStep: () => new Promise(ignore),
    inspect: () => new Promise(ignore),
    measureDirections: () => new Promise(ignore),
    freeze: () => new Promise(ignore),
    measure: () => new Promise(ignore),
    measureTraining: () => new Promise(ignore),
    bound: () => new Promise(ignore),
    provenEpsilon: () => new Promise(ignore),
    checkpoint: () => new Promise(ignore),
    useData: () => Promise.resolve(null),
    testImages: () => new Promise(ignore),
    subscribe: (heard) => {
      listener = heard;
      return ignore;
    },
  };
  return { client, emit: (event: ClientEvent) => listener(event) };
}

describe('SetupPanel', () => {
  it('does not render again for live metrics', async () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    const { client, emit } = createSilentClient();
    const lab = createLab(() => client);
    let renderCount = 0;
    const panel = createElement(
      Profiler,
      { id: 'setup', onRender: () => (renderCount += 1) },
      createElement(SetupPanel),
    );
    const root = createRoot(document.body.appendChild(document.createElement('div')));
    await act(async () => {
      root.render(
        createElement(MantineProvider, null, createElement(LabContext, { value: lab }, panel)),
      );
      await Promise.resolve();
    });

    act(() => lab.train());
    const runId = lab.store.getState().runs[0]!.id;
    const score = { loss: 1, errorRate: 0.5 };
    const countBefore = renderCount;
    for (let step = 1; step <= 20; step++) {
      const progress = {
        step,
        stepsPerEpoch: 100,
        totalSteps: 500,
        trainSeconds: 1,
        samplesPerSecond: 1000,
        secondsLeft: 1,
      };
      act(() => {
        emit({ type: 'progressed', runId, progress });
        emit({
          type: 'evaluated',
          runId,
          evaluation: {
            step,
            epoch: step / 100,
            split: 'test',
            sampleCount: 1000,
            clean: score,
            adversarial: score,
            attack: makeAttack('fgsm', 0.08),
          },
        });
      });
    }
    expect(lab.store.getState().runs[0]?.history.evaluations).toHaveLength(20);
    expect(renderCount).toBe(countBefore);

    act(() => lab.changeSettings({ seed: '7' }));
    expect(renderCount).toBeGreaterThan(countBefore);
    act(() => root.unmount());
  });
});
