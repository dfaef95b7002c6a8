import type { RunResult } from '../../../src/domain/reproduction.ts';
import { meanOfPairs } from '../statistics.ts';
import type { AllFindings, Findings } from '../plans/studies.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';
import { layersOf, nameMethod, networkNames, table } from './tables.ts';

/** Runs on the test images that others have replaced. */

/** The run that has its place now; null if there is none. */
function presentOf({ results }: Findings, { id }: RunResult): RunResult | null {
  return results.get(id) ?? null;
}

/** Whether only the signs of the perturbation changed, and not the recipe. */
function hasSameRecipe(findings: Findings, old: RunResult): boolean {
  const present = presentOf(findings, old)?.config;
  return present?.learningRate === old.config.learningRate && present.epochs === old.config.epochs;
}

/** What exact signs changed in the runs that were repeated for them, network by network. */
export function oldSignsText({ mnist, superseded }: AllFindings): string {
  const repeated = superseded.filter((old) => hasSameRecipe(mnist, old));
  const networks = new Set(repeated.map(({ config }) => nameNetwork(config)));
  const sentences = [...networks].map((network) => {
    const olds = repeated.filter(({ config }) => nameNetwork(config) === network);
    const news = olds.map((old) => presentOf(mnist, old)!);
    const change = meanOfPairs(news.map((one, i) => one.last.errorRate - olds[i]!.last.errorRate));
    const show = (runs: readonly RunResult[]) =>
      runs.map(({ last }) => percent(last.errorRate)).join(', ');
    const difference =
      change === null
        ? ''
        : `, a difference of ${signedPoints(change.mean)} points (${intervalText(change)})`;
    return ` ${network} with ABP had ${show(olds)} before and has ${show(news)} now${difference}.`;
  });
  return sentences.join('');
}

function nameNetwork({ networkType, hiddenLayers }: RunResult['config']): string {
  return `${networkNames[networkType]} ${layersOf(hiddenLayers)}`;
}

/** The test errors that were known before later recipes were chosen, or signs exact; '' if there are none. */
export function supersededText({ mnist, superseded }: AllFindings): string {
  if (superseded.length === 0) return '';
  return [
    '### Earlier runs on the test images',
    'These were replaced (`results/superseded/`). The trials for tanh and maxout were extended after the errors of the first recipes were known.',
    table(
      ['Network', 'Method', 'Seed', 'Learning rate', 'Test error', 'Replaced by'],
      superseded.map((old) => {
        const { config, last } = old;
        const isSame = hasSameRecipe(mnist, old);
        return [
          nameNetwork(config),
          nameMethod(config.method),
          String(config.seed),
          String(config.learningRate),
          percent(last.errorRate),
          isSame ? 'the same recipe with exact signs' : 'a recipe from more trials',
        ];
      }),
    ),
  ].join('\n\n');
}
