import { LabError, reportError } from '../../domain/errors.ts';
import type { Backend } from './backend.ts';
import { decideEngine, type SimdFinding, type WebGLFinding } from './decideEngine.ts';
import { simdTimingLimits, type Timing, type TimingLimits } from './timing.ts';

/** The engine for this machine, and a sentence that says why it was chosen. */
export interface SelectedBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/** How backends are made and timed; tests pass fakes. */
export interface BackendMakers {
  /** @throws LabError 'engine-unavailable' where WebGL cannot train */
  readonly createWebGL: () => Backend;
  /** @throws LabError 'engine-unavailable' where SIMD cannot compute */
  readonly createSimd: () => Promise<Backend>;
  readonly time: (backend: Backend, limits?: TimingLimits) => Promise<Timing>;
}

/**
 * Starts both engines, times them if both could be chosen, returns the faster one and disposes of the other.
 *
 * @throws LabError 'engine-unavailable' with both reasons if neither works here
 */
export async function chooseBackend(makers: BackendMakers): Promise<SelectedBackend> {
  const { createWebGL, createSimd, time } = makers;
  let webgl: Backend | null = null;
  let whyNotWebGL = '';
  try {
    webgl = createWebGL();
  } catch (error) {
    whyNotWebGL = reportError(error).message;
  }
  let simd: Backend | null = null;
  let whyNotSimd = '';
  try {
    simd = await createSimd();
  } catch (error) {
    whyNotSimd = reportError(error).message;
  }
  let simdTiming: Timing | null = null;
  let webglTiming: Timing | null = null;
  if (webgl !== null && !webgl.description.isSoftware && simd !== null) {
    // One after the other, because together they would share the processor. SIMD is timed sooner.
    simdTiming = await time(simd, simdTimingLimits);
    // What was slow may have been the compilation, which is done now.
    if (simdTiming.kind === 'slow') simdTiming = await time(simd, simdTimingLimits);
    webglTiming = await time(webgl);
  }

  const { engine, reason } = decideEngine(
    describeWebGL(webgl, whyNotWebGL, webglTiming),
    describeSimd(simd, whyNotSimd, simdTiming),
  );
  const chosen = engine === 'webgl' ? webgl : engine === 'simd' ? simd : null;
  for (const backend of [webgl, simd]) {
    if (backend !== chosen) backend?.dispose();
  }
  if (chosen === null) {
    throw new LabError(
      'engine-unavailable',
      `No engine works here. ${reason}`,
      'Use a current Chrome, Edge or Firefox, with hardware acceleration on in its settings.',
    );
  }
  return { backend: chosen, reason };
}

function describeWebGL(backend: Backend | null, why: string, timing: Timing | null): WebGLFinding {
  if (backend === null) return { kind: 'unavailable', why };
  const { device, isSoftware } = backend.description;
  return isSoftware ? { kind: 'software', device } : { kind: 'hardware', device, timing };
}

function describeSimd(backend: Backend | null, why: string, timing: Timing | null): SimdFinding {
  return backend === null ? { kind: 'unavailable', why } : { kind: 'ready', timing };
}
