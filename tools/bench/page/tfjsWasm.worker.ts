import {
  getThreadsCount,
  setThreadsCount,
  setWasmPaths,
  version_wasm,
} from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { setBackend } from '@tensorflow/tfjs-core';
import { serveContender } from './serveContender.ts';
import { tfjsSession } from './tfjsSession.ts';

serveContender({
  start: async (threads) => {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': new URL(plainUrl, location.href).href,
      'tfjs-backend-wasm-simd.wasm': new URL(simdUrl, location.href).href,
      'tfjs-backend-wasm-threaded-simd.wasm': new URL(threadedUrl, location.href).href,
    });
    setThreadsCount(threads);
    if (!(await setBackend('wasm')))
      throw new Error('TensorFlow.js’s wasm backend does not start.');
    // The builds of 4.x ignore the requested number, which shows here (tensorflow/tfjs issue 8513).
    const used = getThreadsCount();
    const note = used === threads ? '' : `, which uses ${used} of them`;
    return `${version_wasm}, XNNPACK, SIMD, given ${threads} thread${threads === 1 ? '' : 's'}${note}`;
  },
  prepare: tfjsSession,
});
