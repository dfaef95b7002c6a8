import { Command, exitCodes, write } from './command.ts'; // first, as it says there
import { orderPixels } from '../../src/data/imageSet.ts';
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
      const results: EpochResult[] = [];
      for (const seed of seeds ?? [config.seed]) {
        if (!json && seeds !== null) write(`${results.length > 0 ? '\n' : ''}seed ${seed}\n`);
        results.push(await trainSeed(seed));
      }
      if (seeds !== null) {
        const summary = summarizeSeeds(seeds, results);
        write(json ? `${JSON.stringify(summary)}\n` : `\n${describeSeeds(summary)}\n`);
      }
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

await command.run(async (args) => {
  const options = parseOptions(args);
  if (options !== 'help') return train(options);
  write(helpText());
  return exitCodes.done;
});
