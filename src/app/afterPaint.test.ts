import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { afterPaint } from './afterPaint.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('calls back in the task after the next frame, once', () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  const callback = vi.fn<() => void>();
  afterPaint(callback);
  frames[0]!();
  expect(callback).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(callback).toHaveBeenCalledOnce();
});

it('does not wait for a tab that paints nothing', () => {
  vi.stubGlobal('requestAnimationFrame', () => 1);
  const callback = vi.fn<() => void>();
  afterPaint(callback);
  vi.advanceTimersByTime(499);
  expect(callback).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(callback).toHaveBeenCalledOnce();
});

it('can be canceled', () => {
  vi.stubGlobal('requestAnimationFrame', () => 7);
  const cancelFrame = vi.fn<(frame: number) => void>();
  vi.stubGlobal('cancelAnimationFrame', cancelFrame);
  const callback = vi.fn<() => void>();
  afterPaint(callback)();
  vi.runAllTimers();
  expect(callback).not.toHaveBeenCalled();
  expect(cancelFrame).toHaveBeenCalledWith(7);
});
