import { Command, exitCodes, write } from '../train/command.ts'; // first, as it says there
import { readFile } from 'node:fs/promises';
import { type ImageSet, orderPixels } from '../../src/data/imageSet.ts';
import { slice } from '../../src/data/splits.ts';
import { type Attack, defaultStepSize, type StrongestAttack } from '../../src/domain/metrics.ts';
import { layerShapes, makeNetwork } from '../../src/engine/network.ts';
import { readNetwork } from '../../src/formats/networkFile.ts';
import { Interrupted, Interruption } from '../train/interruption.ts';
import { measureCertified, measureUnder } from '../train/measureRobustness.ts';
import { describeError } from '../train/nodeFiles.ts';
import { UsageError } from '../train/options/usageError.ts';
import { evaluateHelp, type EvaluateOptions, parseEvaluateOptions } from './options.ts';

const command = new Command('evaluate');
/** Fixes the random starts of attacks: the page's. */
const seed = 1;

interface Result {
  readonly images: number;
  readonly testError: number;
  /** Error rate under the attack, by ε. */
  readonly adversarialError: Record<string, number>;
  /** Share of images that are provably safe, by ε; absent if none was asked for. */
  readonly certifiedAccuracy?: Record<string, number>;
}

async function loadNetworkFile(file: string) {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${describeError(error)}.`);
  }
  return readNetwork(new Blob([new Uint8Array(bytes)]));
}

function makeAttack(options: EvaluateOptions, epsilon: number): Attack | StrongestAttack {
  const { attack, attackSteps: steps, clip, norm } = options;
  const ball = { epsilon, clip, ...(norm === 'l2' && { norm }) };
  switch (attack) {
    case 'fgsm':
      return { kind: attack, ...ball };
    case 'pgd':
      return { kind: attack, ...ball, steps, stepSize: defaultStepSize(epsilon, steps), seed };
    case 'margin-pgd':
      return { kind: attack, ...ball, steps, seed };
    case 'strongest':
      return { kind: attack, epsilon, clip, seed };
  }
}

async function evaluateFile(options: EvaluateOptions): Promise<number> {
  const { config, layers, features, classes, standardization } = await loadNetworkFile(
    options.file,
  );
  const { test } = await command.loadData(options.data, options);
  if (test.features !== features || test.classes !== classes) {
    throw new UsageError(
      `${options.file} expects ${features} pixels and ${classes} classes; the test images have ${test.features} and ${test.classes}.`,
    );
  }
  const count = options.images ?? test.count;
  if (count > test.count) {
    throw new UsageError(`--images ${count} is too large: there are ${test.count} test images.`);
  }
  const set: ImageSet = orderPixels(slice(test, 0, count), config.permutationSeed);
  const backend = await command.createBackend(options.threads);
  const { yieldToEventLoop } = new Interruption();
  try {
    const network = makeNetwork(
      backend,
      layerShapes(config, features, classes),
      layers.map(({ parameters }) => parameters),
      config.loss,
      standardization ?? null,
    );
    const subject = { backend, network, set, yieldToEventLoop };
    let testError = 0;
    const adversarialError: Record<string, number> = {};
    for (const epsilon of options.attackEpsilons) {
      const { clean, attacked } = await measureUnder(subject, makeAttack(options, epsilon));
      testError = clean.errorRate;
      adversarialError[epsilon] = attacked;
    }
    report(options, {
      images: count,
      testError,
      adversarialError,
      ...(options.certify.length > 0 && {
        certifiedAccuracy: await measureCertified(subject, options.certify),
      }),
    });
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    command.writeMessage(`stopped by ${error.signal.name}.`);
    return error.signal.exitCode;
  } finally {
    backend.dispose();
  }
}

function report({ json, attack, clip, norm }: EvaluateOptions, result: Result): void {
  if (json) {
    write(`${JSON.stringify(result)}\n`);
    return;
  }
  const percent = (rate: number) => `${(100 * rate).toFixed(2)} %`.padStart(9);
  write(`images            ${result.images.toLocaleString('en-US')}\n`);
  write(`test error       ${percent(result.testError)}\n`);
  for (const [epsilon, rate] of Object.entries(result.adversarialError)) {
    write(
      `error, ε ${epsilon.padEnd(7)} ${percent(rate)}  under ${attack}${norm === 'l2' ? ' (l2)' : ''}${clip ? ', clipped' : ''}\n`,
    );
  }
  for (const [epsilon, rate] of Object.entries(result.certifiedAccuracy ?? {})) {
    write(`proven, ε ${epsilon.padEnd(6)} ${percent(rate)}  of the images are safe, clipped\n`);
  }
}

await command.run(async (args) => {
  const options = parseEvaluateOptions(args);
  if (options !== 'help') return evaluateFile(options);
  write(evaluateHelp());
  return exitCodes.done;
});
