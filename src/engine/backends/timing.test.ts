import { describe, expect, it, vi } from 'vitest';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { Float64Backend } from './float64/backend.ts';
import { formatMs, timeSteps } from './timing.ts';

const config: RunConfig = { ...defaultConfig, hiddenLayers: [4], batchSize: 4 };
const limits = { warmUpMs: 400, stepsMs: 100 };

/** A backend with its own clock, whose work takes time only when it is awaited. */
class FencedBackend extends Float64Backend {
  time = 0;
  steps = 0;
  #submitted = 0;

  constructor(
    readonly stepMs: number,
    /** Milliseconds that the first forward pass takes to compile. */
    readonly compileMs = 0,
  ) {
    super();
  }

  override forwardLayer(...args: Parameters<Float64Backend['forwardLayer']>) {
    if (this.time === 0) this.time += this.compileMs;
    return super.forwardLayer(...args);
  }

  override addScores(...args: Parameters<Float64Backend['addScores']>) {
    this.#submitted++; // once a training step
    this.steps++;
    super.addScores(...args);
  }

  override read(matrix: Parameters<Float64Backend['read']>[0]) {
    this.#wait();
    return super.read(matrix);
  }

  override finished() {
    this.#wait();
    return super.finished();
  }

  #wait(): void {
    this.time += this.#submitted * this.stepMs;
    this.#submitted = 0;
  }

  readonly options = { limits, config, now: () => this.time };
}

describe('timeSteps', () => {
  it('includes submitted work until it is done', async () => {
    const backend = new FencedBackend(5);
    const timing = await timeSteps(backend, backend.options);
    expect(timing).toMatchObject({ kind: 'timed', stepMs: 5 });
    expect(backend.steps).toBe(13); // the first, and three blocks of four
  });

  it('returns the loss of the first step, the same on any backend', async () => {
    const [first, second] = [new FencedBackend(1), new FencedBackend(20)];
    const timing = await timeSteps(first, first.options);
    // Untrained: 10 outputs of about ln 2 each, and more on adversarial images.
    expect((timing as { loss: number }).loss).toBeGreaterThan(6.9);
    expect((timing as { loss: number }).loss).toBeLessThan(9);
    expect(await timeSteps(second, second.options)).toEqual({ ...timing, stepMs: 20 });
  });

  it('stops at the deadline', async () => {
    const backend = new FencedBackend(60);
    expect(await timeSteps(backend, backend.options)).toMatchObject({ kind: 'timed', stepMs: 60 });
    expect(backend.steps).toBe(3); // two of them are over 100 ms
  });

  it('stops after a compilation that took too long', async () => {
    const backend = new FencedBackend(5, 500);
    expect(await timeSteps(backend, backend.options)).toEqual({ kind: 'slow', budgetMs: 400 });
    expect(backend.steps).toBe(0);
  });

  it('does not time a first step that took too long', async () => {
    const backend = new FencedBackend(500);
    expect(await timeSteps(backend, backend.options)).toEqual({ kind: 'slow', budgetMs: 400 });
    expect(backend.steps).toBe(1);
  });

  it('does not wait for a device that never responds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const backend = new FencedBackend(5);
      backend.finished = () => new Promise(() => undefined);
      const timing = timeSteps(backend, backend.options);
      await vi.advanceTimersByTimeAsync(1000);
      expect(await timing).toEqual({ kind: 'slow', budgetMs: 400 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('says why a backend failed', async () => {
    const backend = new FencedBackend(5);
    backend.finished = () => Promise.reject(new Error('The context was lost.'));
    expect(await timeSteps(backend, backend.options)).toEqual({
      kind: 'failed',
      why: 'The context was lost.',
    });
  });

  it.each([1, 500])('leaves nothing in memory (%i ms per step)', async (stepMs) => {
    const backend = new FencedBackend(stepMs);
    await timeSteps(backend, backend.options);
    expect(backend.memory().matrices).toBe(0);
  });
});

describe('formatMs', () => {
  it.each([
    [2.14, '2.1 ms'],
    [12.4, '12 ms'],
    [400, '0.4 s'],
  ])('writes %d as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});
