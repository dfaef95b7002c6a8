import { LabError, reportError } from '../../domain/errors.ts';
import { fetchUnlessStalled } from '../../domain/fetchUnlessStalled.ts';
import type { EnginePreference } from '../../domain/metrics.ts';
import { canShareMemory } from '../../domain/sharedMemory.ts';
import type { Backend } from './backend.ts';
import { type BackendMakers, chooseBackend, type SelectedBackend } from './chooseBackend.ts';
import { SimdBackend } from './simd/backend.ts';
import { startThread } from './simd/startThread.ts';
import { timeSteps } from './timing.ts';
import { WebGLBackend } from './webgl/backend.ts';

/** What the service worker keeps. WebKit does not ask it for what a worker fetches. */
async function findKept(url: URL): Promise<Response | undefined> {
  const { caches } = globalThis as Partial<WindowOrWorkerGlobalScope>;
  return caches?.match(url).catch(() => undefined);
}

async function readBytes(url: URL): Promise<ArrayBuffer> {
  try {
    const response = await fetchUnlessStalled(url).catch(async (error: unknown) => {
      const kept = await findKept(url);
      if (kept === undefined) throw error;
      return kept;
    });
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

/** SIMD with as many threads as useful, leaving one core free for the page. */
async function createSimd(): Promise<Backend> {
  const cores = navigator.hardwareConcurrency;
  const threads = canShareMemory() ? Math.max(1, Math.min(maxThreads, cores - 1)) : 1;
  return SimdBackend.create(readBytes, { threads, startThread });
}

/**
 * Starts the preferred engine or, without a preference, the faster one (chooseBackend.ts).
 *
 * @throws LabError 'engine-unavailable' if it does not work here, or if none does
 */
export async function selectBackend(preference: EnginePreference): Promise<SelectedBackend> {
  if (preference === 'webgl') return { backend: new WebGLBackend(), reason: 'Chosen by hand.' };
  if (preference === 'simd') {
    return { backend: await createSimd(), reason: 'Chosen by hand.' };
  }
  const time: BackendMakers['time'] = (backend, limits) => timeSteps(backend, limits && { limits });
  return chooseBackend({ createWebGL: () => new WebGLBackend(), createSimd, time });
}
