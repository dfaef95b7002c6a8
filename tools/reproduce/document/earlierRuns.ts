import { isLeaking, type RunResult } from '../../../src/domain/reproduction.ts';
import { methodUses } from '../../../src/domain/settings/methods.ts';
import { describeEpochs } from '../../../src/domain/settings/settings.ts';
import { meanAndStd } from '../../../src/domain/statistics.ts';
import { type AllFindings, studyNames } from '../plans/studies.ts';
import { meanOfPairs } from '../statistics.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';
import { layersOf, nameMethod, networkNames, table } from './tables.ts';

/** Runs on the test images that others have replaced, and runs that are older than the engine's exact signs. */

/** Since then, attacks and training take the sign of the gradient at any confidence. */
const exactSignsSince = Date.parse('2026-11-27T18:25:07Z');

function entryOf({ id }: RunResult): string {
  return id.replace(/-seed\d+$/, '');
}

function nameNetwork({ networkType, hiddenLayers }: RunResult['config']): string {
  return `${networkNames[networkType]} ${layersOf(hiddenLayers)}`;
}

/** "ReLU 2 × 400, ABP, 50 epochs, permuted". */
function nameRun({ config, data }: RunResult): string {
  const parts = [nameNetwork(config), nameMethod(config.method), describeEpochs(config.epochs)];
  if (config.permutationSeed !== null) parts.push('permuted');
  if (config.dataSet !== null) parts.push(data.name);
  return parts.join(', ');
}

/** Whether the run's training took the sign of a gradient. */
function takesSigns({ config: { method } }: RunResult): boolean {
  return methodUses(method, 'epsilon') && method !== 'noise';
}

/** Which runs are older than exact signs, and what changed in those that were repeated. */
export function oldSignsText(all: AllFindings): string {
  const older = studyNames
    .flatMap((name) => [...all[name].results.values()])
    .filter((run) => takesSigns(run) && Date.parse(run.times.finishedAt) < exactSignsSince);
  const names = [...new Set(older.map(nameRun))];
  const still =
    names.length === 0
      ? ''
      : ` These runs are older and do not repeat to the bit: ${names.join('; ')}.`;
  return `${still}${changesText(all)}`;
}

function changesText(all: AllFindings): string {
  const present = (id: string) =>
    studyNames.map((name) => all[name].results.get(id)).find((run) => run);
  const repeated = all.superseded.roundedSigns.flatMap((old) => {
    const now = present(old.id);
    return now ? [{ old, now }] : [];
  });
  if (repeated.length === 0) return '';
  const changes = [...new Set(repeated.map(({ old }) => entryOf(old)))].map((entry) => {
    const runs = repeated.filter(({ old }) => entryOf(old) === entry);
    const change = meanOfPairs(runs.map(({ old, now }) => now.last.errorRate - old.last.errorRate));
    const [before, after] = (['old', 'now'] as const).map((which) =>
      percent(meanAndStd(runs.map((run) => run[which].last.errorRate)).mean),
    );
    const interval =
      change === null
        ? ''
        : ` (${signedPoints(change.mean)} points, 95 % interval ${intervalText(change)})`;
    return `${nameRun(runs[0]!.now)} from ${before} to ${after}${interval}`;
  });
  return ` Repeated with exact signs, and with the same seeds and recipes, these test errors changed: ${changes.join('; ')}. Plain runs of that time repeat to the bit, so nothing but the signs has changed; but with few seeds, a small change may be chance.`;
}

/** The test errors that were known before later recipes were chosen, or signs were exact; '' if there are none. */
export function supersededText({ superseded: { fewerTrials, roundedSigns } }: AllFindings): string {
  const rows = (runs: readonly RunResult[], reason: string): string[][] =>
    runs.map(({ config, last }) => [
      nameNetwork(config),
      nameMethod(config.method),
      String(config.seed),
      String(config.learningRate),
      percent(last.errorRate),
      reason,
    ]);
  const all = [...rows(fewerTrials, 'more trials'), ...rows(roundedSigns, 'exact signs')];
  if (all.length === 0) return '';
  return [
    '### Earlier runs on the test images',
    'These test errors were known when others were made (`results/superseded/`). More recipes were tried for tanh and maxout after them; for maxout, the same rate was chosen again.',
    table(['Network', 'Method', 'Seed', 'Learning rate', 'Test error', 'Replaced because of'], all),
  ].join('\n\n');
}

/** What rounded signs did to maxout, which the rows of its last epochs do not show; '' without both runs. */
export function maxoutText({ mnist, superseded: { roundedSigns } }: AllFindings): string {
  const old = roundedSigns.find(({ id }) => id === 'maxout-adversarial-seed1');
  const now = mnist.results.get('maxout-adversarial-seed1');
  const [tenth, last] = [old?.curve.find(({ epoch }) => epoch === 10), old?.curve.at(-1)];
  if (!now || !tenth || !last || last.errorRate <= tenth.errorRate) return '';
  const loss = (value: number) => value.toPrecision(2);
  const training = mnist.robustness.get(now.id)?.training;
  const labels = training
    ? ` Its error on training images is ${percent(training.clean)}, and ${percent(training.fgsm)} under FGSM, so it ${isLeaking(training) ? 'reads' : 'does not read'} the label from the perturbation ([below](#test-error-under-attack)).`
    : '';
  return `Maxout shows what exact signs are for ([below](#what-differs-from-the-paper-and-why)). With the same recipe and seed, but with signs of rounded gradients, its test error with ABP was ${percent(tenth.errorRate)} after ${tenth.epoch} epochs and rose to ${percent(last.errorRate)} after ${last.epoch}, while the loss on what it trained on fell from ${loss(tenth.trainLoss)} to ${loss(last.trainLoss)}. With exact signs it ended at ${percent(now.last.errorRate)}.${labels}`;
}
