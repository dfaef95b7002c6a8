import { LabError } from '../../../domain/errors.ts';

/** Reads a compiled module, by fetch in a page and from disk in Node. */
export type ReadBytes = (url: URL) => Promise<ArrayBuffer | Uint8Array<ArrayBuffer>>;

/** Relaxed SIMD has a fused multiply-add; plain SIMD works on all machines with WebAssembly SIMD. */
export type KernelBuild = 'relaxed' | 'plain';

export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly build: KernelBuild;
}

/** Written out, so that a bundler finds both files. */
const urls: Readonly<Record<KernelBuild, URL>> = {
  relaxed: new URL('./generated/relaxed.wasm', import.meta.url),
  plain: new URL('./generated/plain.wasm', import.meta.url),
};

/** A kernel's parameters are all numbers: part, parts, and then its own (kernels/*.ts). */
export type Kernel = (part: number, parts: number, ...args: number[]) => void;
export const kernelNames = [
  'forward',
  'backward',
  'weightGradient',
  'largestPieces',
  'routeToLargestPieces',
  'sgd',
  'momentum',
  'rmsprop',
  'adam',
  'addSignedStep',
  'addRandomSigns',
  'addUniformNoise',
  'addProjectedStep',
  'addNormalizedStep',
  'blend',
  'scaleAndShift',
  'dropoutMask',
  'multiply',
  'scalePixels',
  'outputDelta',
  'attackDelta',
  'divergenceDelta',
  'divergenceAttackDelta',
  'addDivergence',
  'addScores',
] as const;
export type KernelName = (typeof kernelNames)[number];

/**
 * Compiles the fastest build that this machine's WebAssembly accepts.
 *
 * @param only compile this build alone, for tests
 * @throws LabError 'engine-unavailable' without WebAssembly SIMD
 */
export async function compileKernels(
  readBytes: ReadBytes,
  only?: KernelBuild,
): Promise<CompiledKernels> {
  const wanted: KernelBuild[] = only ? [only] : ['relaxed', 'plain'];
  for (const build of wanted) {
    const bytes = await readBytes(urls[build]);
    if (WebAssembly.validate(bytes)) return { module: await WebAssembly.compile(bytes), build };
  }
  throw new LabError(
    'engine-unavailable',
    'This machine’s WebAssembly has no SIMD instructions or no threads.',
    'Use a browser from 2022 or later.',
  );
}

/** Instantiates the kernels on a memory; every thread has its own instance. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Readonly<Record<KernelName, Kernel>> {
  const abort = () => {
    throw new Error('A SIMD kernel aborted.');
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  return instance.exports as unknown as Readonly<Record<KernelName, Kernel>>;
}
