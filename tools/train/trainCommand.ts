import { Command, exitCodes, write } from './command.ts'; // first, as it says there
import { orderPixels } from '../../src/data/imageSet.ts';
import { LabError } from '../../src/domain/errors.ts';
import type { Network } from '../../src/engine/network.ts';
import { splitTrainingSet } from './dataDirectory.ts';
import { helpText } from './options/help.ts';
import { Interrupted, Interruption } from './interruption.ts';
import { assertNetworkFits } from './options/networkSize.ts';
import { parseOptions, type TrainOptions, withSeed } from './options/options.ts';
import { type EpochResult, jsonReporter, tableReporter } from './report.ts';
import { run, type RunData } from './run.ts';
import { describeRun } from './runSummary.ts';
import { encodeSavedNetwork } from './savedNetwork.ts';
import { describeSeeds, summarizeSeeds } from './seedSummary.ts';
import { SaveFile } from './saveFile.ts';

const command = new Command('train');

/** Trains a network with these options. @returns the exit code */
async function train(options: TrainOptions): Promise<number> {
  const { config, attacks, certify, testEachEpoch, seeds, json } = options;
  const file = options.save === null ? null : await SaveFile.prepare(options.save);
  let savedSteps = 0;
  try {
    const { training: all, test, source } = await command.loadData(options.data, options);
    const ordered = orderPixels(all, config.permutationSeed);
    const data: RunData = {
      ...splitTrainingSet(ordered, options.trainSize, options.validation),
      test: orderPixels(test, config.permutationSeed),
    };
    assertNetworkFits(config, data.training);
    const backend = await command.createBackend(options.threads);
    const { yieldToEventLoop } = new Interruption();
    const table = { epochs: config.epochs, attacks, hasValidation: data.validation !== null };
    const draw = process.stderr.isTTY ? (text: string) => void process.stderr.write(text) : null;
    const save = async (network: Network, steps: number) => {
      if (!file) return;
      await file.write(await encodeSavedNetwork(backend, network, { config, data, steps }));
      savedSteps = steps;
    };
    const trainSeed = async (seed: number): Promise<EpochResult> => {
      const reporter = json
        ? jsonReporter(write, seeds && seed)
        : tableReporter(table, write, draw);
      try {
        return await run({
          ...withSeed({ config, attacks }, seed),
          backend,
          certify,
          testEachEpoch,
          data,
          reporter,
          yieldToEventLoop,
          save,
        });
      } finally {
        reporter.clear();
      }
    };
    try {
      const { device } = backend.description;
      if (!json && source !== undefined) write(`data      ${source}\n`);
      if (!json) write(describeRun(options, data, device));
      if (seeds === null) await trainSeed(config.seed);
      else await trainSeeds(seeds, trainSeed, json);
      return exitCodes.done;
    } finally {
      backend.dispose();
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const saved =
      file && savedSteps > 0
        ? `${file.name} holds the network after ${savedSteps} steps`
        : 'nothing was saved';
    command.writeMessage(`stopped by ${error.signal.name}; ${saved}.`);
    return error.signal.exitCode;
  }
}

/**
 * Trains with one seed after another, and writes their summary: without those that diverge, and, after an interruption, of
 * those before it.
 *
 * @throws LabError of the first seed that diverged, once all others are trained
 */
async function trainSeeds(
  seeds: readonly number[],
  trainSeed: (seed: number) => Promise<EpochResult>,
  json: boolean,
): Promise<void> {
  const finished = new Map<number, EpochResult>();
  const diverged = new Map<number, LabError>();
  try {
    for (const [place, seed] of seeds.entries()) {
      if (!json) write(`${place > 0 ? '\n' : ''}seed ${seed}\n`);
      try {
        finished.set(seed, await trainSeed(seed));
      } catch (error) {
        if (!(error instanceof LabError) || error.code !== 'loss-not-finite') throw error;
        diverged.set(seed, error);
      }
    }
  } finally {
    if (finished.size > 0) {
      const summary = summarizeSeeds(
        [...finished.keys()],
        [...finished.values()],
        [...diverged.keys()],
      );
      write(json ? `${JSON.stringify(summary)}\n` : `\n${describeSeeds(summary)}\n`);
    }
  }
  const [first] = diverged;
  if (first === undefined) return;
  const [seed, { code, message, remedy }] = first;
  throw new LabError(code, `Seed ${seed}: ${message}`, remedy);
}

await command.run(async (args) => {
  const options = parseOptions(args);
  if (options !== 'help') return train(options);
  write(helpText());
  return exitCodes.done;
});
