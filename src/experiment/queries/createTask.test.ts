import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { createTask } from './createTask.ts';

function setUp() {
  const onProgress = vi.fn<(progress: number | null) => void>();
  const onError = vi.fn();
  return { task: createTask<number>({ onProgress, onError }), onProgress, onError };
}

describe('createTask', () => {
  it('reports progress, and null at the end', async () => {
    const { task, onProgress } = setUp();
    const ended = await task.start((_, progress) => {
      progress(1);
      progress(2);
      return Promise.resolve();
    });
    expect(ended).toBe(true);
    expect(onProgress.mock.calls).toEqual([[1], [2], [null]]);
  });

  it('aborts the previous work and ignores its further progress', async () => {
    const { task, onProgress, onError } = setUp();
    let fail: () => void = () => undefined;
    let progressLate: () => void = () => undefined;
    const first = task.start((signal, progress) => {
      progressLate = () => progress(1);
      return new Promise((_, reject) => {
        fail = () => reject(new Error(signal.aborted ? 'aborted' : 'present'));
      });
    });
    const second = task.start((_, progress) => {
      progress(2);
      return Promise.resolve();
    });
    progressLate();
    fail();
    expect(await Promise.all([first, second])).toEqual([false, true]);
    expect(onProgress.mock.calls).toEqual([[2], [null]]);
    expect(onError).not.toHaveBeenCalled();
  });

  it('ends when it is canceled', async () => {
    const { task, onProgress } = setUp();
    let wasAborted = false;
    const started = task.start(async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      wasAborted = true;
    });
    task.cancel();
    expect(onProgress.mock.calls).toEqual([[null]]);
    expect(await started).toBe(false);
    expect(wasAborted).toBe(true);
  });

  it.each([
    ['network-gone', 0],
    ['invalid-request', 1],
  ] as const)('that fails with %s reports %i errors, and has ended', async (code, count) => {
    const { task, onProgress, onError } = setUp();
    const failure = () => Promise.reject(new LabError(code, 'No.', 'Again.'));
    expect(await task.start(failure)).toBe(true);
    expect(onError).toHaveBeenCalledTimes(count);
    expect(onProgress).toHaveBeenLastCalledWith(null);
  });
});
