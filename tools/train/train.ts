import { Command, exitCodes, write } from './command.ts'; // first, as it says there
import { orderPixels } from '../../src/data/imageSet.ts';
import type { Network } from '../../src/engine/network.ts';
import { splitTrainingSet } from './dataDirectory.ts';
import { helpText } from './options/help.ts';
import { Interrupted, Interruption } from './interruption.ts';
import { assertNetworkFits } from './options/networkSize.ts';
import { parseOptions, type TrainOptions } from './options/options.ts';
import { jsonReporter, tableReporter } from './report.ts';
import { run, type RunData } from './run.ts';
import { describeRun } from './runSummary.ts';
import { encodeSavedNetwork } from './savedNetwork.ts';
import { SaveFile } from './saveFile.ts';

const command = new Command('train');

/** Trains a network with these options. @returns the exit code */
async function train(options: TrainOptions): Promise<number> {
  const { config, attacks, certify, testEachEpoch } = options;
  const { yieldToEventLoop } = new Interruption();
  const file = options.save === null ? null : await SaveFile.prepare(options.save);
  let savedSteps = 0;
  try {
    const { training: all, test } = await command.loadData(options.data, options);
    const ordered = orderPixels(all, config.permutationSeed);
    const data: RunData = {
      ...splitTrainingSet(ordered, options.trainSize, options.validation),
      test: orderPixels(test, config.permutationSeed),
    };
    assertNetworkFits(config, data.training);
    await yieldToEventLoop();
    const backend = await command.createBackend(options.threads);
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
      await run({
        backend,
        config,
        attacks,
        certify,
        testEachEpoch,
        data,
        reporter,
        yieldToEventLoop,
        save,
      });
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
