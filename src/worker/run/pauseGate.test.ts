import { describe, expect, it, vi } from 'vitest';
import { PauseGate } from './pauseGate.ts';

const nothing = (): Promise<void> => Promise.resolve();

/** Whether a promise settles before anything else happens. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve));
  return settled;
}

describe('PauseGate', () => {
  it('holds a run in lockstep until the others have reached the same point', async () => {
    const gate = new PauseGate(true);
    const passing = gate.passEvaluation(1, () => true, nothing);
    gate.allow(0.5);
    expect(await isSettled(passing)).toBe(false);
    gate.allow(1);
    expect(await isSettled(passing)).toBe(true);
  });

  it('lets a run pass that takes a single step, because the others may never reach the same point', async () => {
    const gate = new PauseGate(true);
    let isBound = true;
    const passing = gate.passEvaluation(1, () => isBound, nothing);
    gate.pause();
    expect(await isSettled(passing)).toBe(false);
    isBound = false; // limited to one step
    gate.resume();
    expect(await isSettled(passing)).toBe(true);
  });

  it('calls back once for a pause that comes while the run is held', async () => {
    const gate = new PauseGate(true);
    const onPause = vi.fn(nothing);
    const passing = gate.passEvaluation(1, () => true, onPause);
    gate.pause();
    await isSettled(passing);
    gate.allow(0.5);
    await isSettled(passing);
    expect(onPause).toHaveBeenCalledOnce();
  });

  it('rejects a task that throws synchronously, and runs the next ones', async () => {
    const gate = new PauseGate(false);
    gate.pause();
    const passing = gate.pass();
    const task = gate.betweenSteps(() => {
      throw new Error('No memory.');
    });
    await expect(task).rejects.toThrow('No memory.');
    gate.resume();
    expect(await isSettled(passing)).toBe(true);
  });
});
