import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import type { Plugin } from 'vite';

const folder = fileURLToPath(new URL('../src/engine/backends/simd/', import.meta.url));
const sources = path.join(folder, 'kernels');
const generated = path.join(folder, 'generated');

/** 64 KiB pages that the shared memory may grow to: 1 GiB. Must match simd/memory.ts. */
const maximumPages = 16_384;

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--disableWarning', '112'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1'],
  ...['--maximumMemory', String(maximumPages), '--enable', 'simd', '--enable', 'threads'],
];

/** The two builds: fused multiply-add where the browser has relaxed SIMD, plain SIMD elsewhere. */
const builds = {
  relaxed: ['--enable', 'relaxed-simd', '--use', 'RELAXED=1'],
  plain: [],
} as const;

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([asc.version, options, builds]));
  for (const name of (await readdir(sources)).sort()) {
    hash.update(name).update(await readFile(path.join(sources, name)));
  }
  return hash.digest('hex');
}

/**
 * Compiles the SIMD kernels into simd/generated/, unless what is there was made from the same
 * sources by the same compiler.
 *
 * @throws Error with the compiler's messages when they do not compile
 */
export async function buildKernels(): Promise<void> {
  const stamp = path.join(generated, 'fingerprint');
  const current = await fingerprint();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === current) return;
  await mkdir(generated, { recursive: true });
  for (const [name, extra] of Object.entries(builds)) {
    const output = ['--baseDir', folder, '--outFile', `generated/${name}.wasm`];
    let messages = '';
    const stderr = { write: (text: unknown) => void (messages += String(text)) };
    const { error } = await asc.main(['kernels/index.ts', ...output, ...options, ...extra], {
      stderr,
    });
    if (error) throw new Error(`The SIMD kernels do not compile.\n${messages}`);
  }
  await writeFile(stamp, current);
}

/** Compiles the kernels before Vite (or Vitest) resolves anything. */
export function kernelsPlugin(): Plugin {
  return { name: 'simd-kernels', config: { order: 'pre', handler: buildKernels } };
}
