import { readFile } from 'node:fs/promises';
import v8 from 'node:v8';

// Node 20 has relaxed SIMD behind a flag that NODE_OPTIONS refuses; newer versions ignore this. It
// must be set before WebAssembly is first looked at.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

/** Reads a compiled kernel module from disk. */
export async function readKernels(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(url));
}
