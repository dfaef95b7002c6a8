import { readFile } from 'node:fs/promises';
import v8 from 'node:v8';

// Node 20 has relaxed SIMD behind a flag that NODE_OPTIONS does not accept; newer versions ignore it. The flag must be
// set before WebAssembly is first used.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

export async function readKernels(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(url));
}
