import type { RunResult } from '../../../src/domain/reproduction.ts';
import { describeEpochs } from '../../../src/domain/settings/settings.ts';
import { meanAndStd } from '../../../src/domain/statistics.ts';
import { type AllFindings, studyNames } from '../plans/studies.ts';
import { meanOfPairs } from '../statistics.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';
import { layersOf, nameMethod, networkNames, table } from './tables.ts';

/** Runs on the test images that others have replaced. */

/** The run that has its place now; null if there is none. */
function presentOf(all: AllFindings, { id }: RunResult): RunResult | null {
  return studyNames.map((name) => all[name].results.get(id)).find((run) => run) ?? null;
}

/** Whether only the signs of the perturbation changed, and not the recipe. */
function hasSameRecipe(all: AllFindings, old: RunResult): boolean {
  const present = presentOf(all, old)?.config;
  return present?.learningRate === old.config.learningRate && present.epochs === old.config.epochs;
}

/** What exact signs changed in the runs that were repeated for them, entry by entry. */
export function oldSignsText(all: AllFindings): string {
  const repeated = all.superseded.filter((old) => hasSameRecipe(all, old));
  if (repeated.length === 0) return '';
  const entries = new Set(repeated.map(entryOf));
  const changes = [...entries].map((entry) => {
    const olds = repeated.filter((old) => entryOf(old) === entry);
    const news = olds.map((old) => presentOf(all, old)!);
    const change = meanOfPairs(news.map((one, i) => one.last.errorRate - olds[i]!.last.errorRate));
    const [before, now] = [olds, news].map((runs) =>
      percent(meanAndStd(runs.map(({ last }) => last.errorRate)).mean),
    );
    const interval =
      change === null ? '' : ` (${signedPoints(change.mean)} points, ${intervalText(change)})`;
    return `${nameRun(news[0]!)} from ${before} to ${now}${interval}`;
  });
  return ` Runs with the same seeds and recipes changed: ${changes.join('; ')}.`;
}

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

/** The test errors that were known before later recipes were chosen; '' if there are none. */
export function supersededText(all: AllFindings): string {
  const replaced = all.superseded.filter((old) => !hasSameRecipe(all, old));
  if (replaced.length === 0) return '';
  return [
    '### Earlier runs on the test images',
    'These errors were known when more recipes were tried, for tanh and maxout (`results/superseded/`):',
    table(
      ['Network', 'Method', 'Seed', 'Learning rate', 'Test error'],
      replaced.map(({ config, last }) => [
        nameNetwork(config),
        nameMethod(config.method),
        String(config.seed),
        String(config.learningRate),
        percent(last.errorRate),
      ]),
    ),
  ].join('\n\n');
}
