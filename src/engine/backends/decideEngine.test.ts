import { describe, expect, it } from 'vitest';
import { decideEngine, type SimdFinding, type WebGLFinding } from './decideEngine.ts';
import type { Timing } from './timing.ts';

const timed = (stepMs: number, loss = 7): Timing => ({ kind: 'timed', stepMs, loss });
const slow: Timing = { kind: 'slow', budgetMs: 400 };
const failed: Timing = { kind: 'failed', why: 'The context was lost.' };
const hardware = (timing: Timing | null): WebGLFinding => ({
  kind: 'hardware',
  device: 'Radeon',
  timing,
});
const simd = (timing: Timing | null): SimdFinding => ({ kind: 'ready', timing });
const noWebGL: WebGLFinding = { kind: 'unavailable', why: 'WebGL 2 does not start.' };
const noSimd: SimdFinding = { kind: 'unavailable', why: 'No SIMD instructions.' };
const software: WebGLFinding = { kind: 'software', device: 'SwiftShader' };

describe('decideEngine', () => {
  it('chooses the faster engine and gives both times', () => {
    const fast = decideEngine(hardware(timed(2.14)), simd(timed(5.3)));
    expect(fast.engine).toBe('webgl');
    expect(fast.reason).toContain('2.1 ms with WebGL, 5.3 ms with SIMD');
    const weak = decideEngine(hardware(timed(31.6)), simd(timed(5.3)));
    expect(weak.engine).toBe('simd');
    expect(weak.reason).toContain('5.3 ms with SIMD, 32 ms with WebGL');
    expect(weak.reason).toContain('784-400-400-10');
  });

  it('chooses WebGL on a tie, which leaves the processor to the page', () => {
    expect(decideEngine(hardware(timed(4)), simd(timed(4))).engine).toBe('webgl');
  });

  it('chooses SIMD if WebGL is rendered in software, without timing it', () => {
    const { engine, reason } = decideEngine(software, simd(null));
    expect(engine).toBe('simd');
    expect(reason).toContain('SwiftShader');
    expect(reason).not.toMatch(/\d ms/);
  });

  it('chooses SIMD if the speed of WebGL is unknown, and says so', () => {
    const { engine, reason } = decideEngine(hardware(slow), simd(timed(5.3)));
    expect(engine).toBe('simd');
    expect(reason).toContain('WebGL was not ready within 0.4 s, so its speed is unknown');
    expect(reason).toContain('5.3 ms with SIMD');
  });

  it.each([NaN, 0, 7.2])('chooses SIMD if WebGL computes a loss of %d instead of 7', (loss) => {
    const { engine, reason } = decideEngine(hardware(timed(1, loss)), simd(timed(5.3, 7)));
    expect(engine).toBe('simd');
    expect(reason).toContain('WebGL computes wrongly on Radeon');
  });

  it('chooses the engine that did not fail, or that is ready', () => {
    expect(decideEngine(hardware(failed), simd(timed(5)))).toEqual({
      engine: 'simd',
      reason: 'WebGL failed in its test: The context was lost.',
    });
    expect(decideEngine(hardware(timed(50)), simd(failed)).engine).toBe('webgl');
    expect(decideEngine(hardware(timed(50)), simd(slow)).engine).toBe('webgl');
    expect(decideEngine(hardware(slow), simd(slow)).engine).toBe('webgl');
  });

  it('chooses the only engine that is available', () => {
    expect(decideEngine(noWebGL, simd(null))).toEqual({
      engine: 'simd',
      reason: 'WebGL 2 does not start.',
    });
    for (const webgl of [hardware(null), software]) {
      const { engine, reason } = decideEngine(webgl, noSimd);
      expect(engine).toBe('webgl');
      expect(reason).toContain('No SIMD instructions.');
    }
  });

  it('gives both reasons if neither can compute', () => {
    expect(decideEngine(noWebGL, noSimd)).toEqual({
      engine: null,
      reason: 'WebGL: WebGL 2 does not start. SIMD: No SIMD instructions.',
    });
  });
});
