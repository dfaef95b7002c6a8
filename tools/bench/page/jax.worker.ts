import { serveContender } from './serveContender.ts';

serveContender({
  start: async (threads) => {
    // When jax-js is loaded, it starts as many threads as the machine has cores.
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads });
    const { defaultDevice, init } = await import('@jax-js/jax');
    if (!(await init('wasm')).includes('wasm')) throw new Error('jax-js’s wasm does not start.');
    defaultDevice('wasm');
    return `WebAssembly, jit, ${threads} threads`;
  },
  prepare: async (work) => (await import('./jaxSession.ts')).jaxSession(work),
});
