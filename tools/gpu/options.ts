import { type BenchOptions, parseOptions as parseBenchOptions } from '../bench/options.ts';

export interface GpuOptions {
  readonly bench: BenchOptions;
  readonly withChromium: boolean;
}

/** What is worth the minutes on a machine with a graphics processor. */
const defaults = [
  ['--only', 'simd,webgl'],
  ['--hidden', '400,400/2048,2048'],
  ['--batch', '64,256,1024'],
  ['--rounds', '5'],
].flat();

export const help = `Builds pages that measure the engine on another machine with a graphics processor, into .gpu/.
That machine needs x86-64 Linux and Python 3 only. There: python3 .gpu/measure.py --help

Usage: npm run gpu -- [options]

  --chromium         also download Chromium with its libraries, as packages of this Debian, in pieces
  --help

and the options of \`npm run bench\`, by default ${defaults.join(' ')}.
--threads is the number of cores there unless it is given.`;

/**
 * @returns null if help is requested
 * @throws UsageError for a wrong option
 */
export function parseOptions(args: readonly string[]): GpuOptions | null {
  const others = args.filter((arg) => arg !== '--chromium');
  const bench = parseBenchOptions([...defaults, ...others]);
  return bench && { bench, withChromium: others.length < args.length };
}
