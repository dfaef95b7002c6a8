import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const folder = fileURLToPath(new URL('../../src/engine/backends/simd/', import.meta.url));
const sources = path.join(folder, 'kernels');
const generated = path.join(folder, 'generated');

/** 64 KiB pages that the shared memory may grow to: 1 GiB. Must match simd/memory.ts. */
const maximumPages = 16_384;

const options = [
  '-O3 --noAssert --runtime stub --disableWarning 112',
  '--importMemory --sharedMemory --initialMemory 1',
  `--maximumMemory ${maximumPages} --enable simd --enable threads`,
].flatMap((line) => line.split(' '));

/** The two builds: with fused multiply-add for browsers that have relaxed SIMD, and with plain SIMD for others. */
const builds = {
  relaxed: ['--enable', 'relaxed-simd', '--use', 'RELAXED=1'],
  plain: [],
} as const;

/** The part of the compiler that is used. Its own types would redefine JavaScript's globals. */
interface Compiler {
  main(
    args: readonly string[],
    io: { stderr: { write(text: unknown): void } },
  ): Promise<{ error: Error | null }>;
}

/** Loads the compiler, which takes seconds, so it is done only if something must be compiled. */
async function loadCompiler(): Promise<Compiler> {
  const name: string = 'assemblyscript/asc';
  return ((await import(name)) as { default: Compiler }).default;
}

async function fingerprint(): Promise<string> {
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  const hash = createHash('sha256').update(JSON.stringify([options, builds]));
  hash.update(await readFile(compiler));
  for (const name of (await readdir(sources)).sort()) {
    hash.update(name).update(await readFile(path.join(sources, name)));
  }
  return hash.digest('hex');
}

/**
 * Compiles the SIMD kernels into simd/generated/, unless the files there were made from the same sources by the same
 * compiler.
 *
 * @param onCompile called before the compiler is loaded
 * @throws Error with the compiler's messages if they do not compile
 */
export async function buildKernels(onCompile?: () => void): Promise<void> {
  const stamp = path.join(generated, 'fingerprint');
  const current = await fingerprint();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === current) return;
  onCompile?.();
  const compiler = await loadCompiler();
  await mkdir(generated, { recursive: true });
  for (const [name, extra] of Object.entries(builds)) {
    // Renamed when complete, because others may compile or read at the same time, even in this process.
    const draft = `generated/${name}.${randomUUID()}.wasm`;
    let messages = '';
    const stderr = { write: (text: unknown) => void (messages += String(text)) };
    const output = ['--baseDir', folder, '--outFile', draft];
    const args = ['kernels/index.ts', ...output, ...options, ...extra];
    const { error } = await compiler.main(args, { stderr });
    if (error) throw new Error(`The SIMD kernels do not compile.\n${messages}`);
    await rename(path.join(folder, draft), path.join(generated, `${name}.wasm`));
  }
  await writeFile(stamp, current);
}

/** Compiles the kernels before Vite (or Vitest) resolves anything. */
export function kernelsPlugin(): Plugin {
  return { name: 'simd-kernels', config: { order: 'pre', handler: () => buildKernels() } };
}
