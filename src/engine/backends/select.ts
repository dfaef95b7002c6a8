import { LabError, reportError } from '../../shared/errors.ts';
import type { EnginePreference } from '../../shared/metrics.ts';
import type { Backend } from './backend.ts';
import { SimdBackend } from './simd/backend.ts';
import { startThread } from './simd/startThread.ts';
import { WebGLBackend } from './webgl/backend.ts';

/** The engine for this machine, and why it is this one: a sentence for a person. */
export interface SelectedBackend {
  readonly backend: Backend;
  readonly reason: string;
}

async function readBytes(url: URL): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new LabError(
      'engine-unavailable',
      `The SIMD kernels could not be loaded from ${url.href}: ${reportError(error).message}.`,
      'Check the connection and reload the page.',
      { cause: error },
    );
  }
}

/** More threads than this gain little on networks of this size. */
const maxThreads = 4;

/** SIMD with as many threads as the machine can spare: one core stays free for the page. */
async function createSimd(): Promise<Backend> {
  const cores = navigator.hardwareConcurrency;
  const threads = crossOriginIsolated ? Math.max(1, Math.min(maxThreads, cores - 1)) : 1;
  return SimdBackend.create(readBytes, { threads, startThread });
}

/**
 * Chooses the engine: as asked, or WebGL where a graphics processor renders it and SIMD elsewhere.
 *
 * @throws LabError 'engine-unavailable' when none works here, with both reasons
 */
export async function selectBackend(preference: EnginePreference): Promise<SelectedBackend> {
  if (preference === 'webgl') return { backend: new WebGLBackend(), reason: 'Chosen by hand.' };
  if (preference === 'simd') {
    return { backend: await createSimd(), reason: 'Chosen by hand.' };
  }
  let software: Backend | null = null;
  let whyNotWebGL = 'No graphics processor was found: WebGL would run on the CPU, and slower.';
  try {
    const backend = new WebGLBackend();
    if (!backend.description.isSoftware) {
      return { backend, reason: 'A graphics processor is available.' };
    }
    software = backend;
  } catch (error) {
    whyNotWebGL = reportError(error).message;
  }
  try {
    const backend = await createSimd();
    software?.dispose();
    return { backend, reason: whyNotWebGL };
  } catch (error) {
    if (software) return { backend: software, reason: reportError(error).message };
    throw new LabError(
      'engine-unavailable',
      `No engine works here. WebGL: ${whyNotWebGL} SIMD: ${reportError(error).message}`,
      'Use a current Chrome, Edge or Firefox, with hardware acceleration on in its settings.',
      { cause: error },
    );
  }
}
