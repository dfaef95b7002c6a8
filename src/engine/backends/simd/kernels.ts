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
 * Modules of a few bytes, each with one instruction, that a browser accepts only if it has these instructions: an
 * atomic load from shared memory, a splat with a population count, and a relaxed swizzle.
 */
const probes = {
  threads: '0061736d01000000010401600000030201000504010301010a0b0109004100fe1002001a0b',
  simd: '0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b',
  relaxed: '0061736d010000000105016000017b030201000a0f010d004101fd0f4102fd0ffd80020b',
} as const;
const probesOf = {
  relaxed: ['threads', 'simd', 'relaxed'],
  plain: ['threads', 'simd'],
} as const;

/** Whether this machine's WebAssembly has the instructions of a build. */
function isSupported(build: KernelBuild): boolean {
  return probesOf[build].every((probe) =>
    WebAssembly.validate(
      Uint8Array.from(probes[probe].match(/../g)!, (byte) => Number.parseInt(byte, 16)),
    ),
  );
}

/**
 * Compiles the fastest build that this machine's WebAssembly has the instructions for and whose file is there and
 * whole.
 *
 * @param only compile this build alone, for tests
 * @throws LabError 'engine-unavailable' without WebAssembly or its SIMD, or if no file is usable
 */
export async function compileKernels(
  readBytes: ReadBytes,
  only?: KernelBuild,
): Promise<CompiledKernels> {
  if (typeof WebAssembly === 'undefined') {
    throw new LabError(
      'engine-unavailable',
      'WebAssembly is switched off in this browser, as it is in Safari’s Lockdown Mode.',
      'Allow it for this site, or use another browser.',
    );
  }
  const wanted: KernelBuild[] = only ? [only] : ['relaxed', 'plain'];
  const supported = wanted.filter(isSupported);
  if (supported.length === 0) {
    throw new LabError(
      'engine-unavailable',
      'This machine’s WebAssembly has no SIMD instructions or no threads.',
      'Use a browser from 2022 or later.',
    );
  }
  let problem: unknown;
  for (const build of supported) {
    try {
      return { module: await compile(urls[build], readBytes), build };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

/** @throws LabError 'engine-unavailable' if the file is not a module of instructions that this machine has */
async function compile(url: URL, readBytes: ReadBytes): Promise<WebAssembly.Module> {
  const bytes = await readBytes(url);
  if (WebAssembly.validate(bytes)) return WebAssembly.compile(bytes);
  const isPage = new TextDecoder().decode(bytes.slice(0, 100)).trimStart().startsWith('<');
  throw new LabError(
    'engine-unavailable',
    isPage
      ? `Instead of the SIMD kernels ${url.href} is a web page.`
      : `The SIMD kernels at ${url.href} are damaged: these ${bytes.byteLength} bytes are no WebAssembly module.`,
    'Reload the page. If that does not help, the site was not published completely.',
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
