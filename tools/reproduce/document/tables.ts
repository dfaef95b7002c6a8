import type { RunConfig } from '../../../src/domain/settings/config.ts';
import { lowerFirst } from '../../../src/domain/settings/describeSettings.ts';
import { methodFacts } from '../../../src/domain/settings/methods.ts';
import type { Attack } from '../../../src/domain/metrics.ts';
import type { Recipes, Spread, Summary, SummaryRow } from '../../../src/domain/reproduction.ts';
import { percent } from './checks.ts';

/** A table in Markdown; the columns after `leftColumns` are aligned to the right. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 2,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, i) => (i < leftColumns ? '---' : '---:'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

const networkNames: Readonly<Record<RunConfig['networkType'], string>> = {
  relu: 'ReLU',
  logistic: 'Logistic',
  tanh: 'tanh',
  maxout: 'Maxout',
};

/** A method's short name within a sentence or a table: "plain", "ABP". */
export function nameMethod(method: RunConfig['method']): string {
  return lowerFirst(methodFacts[method].shortName);
}

/** The first two cells of a row: network and method, or the name of the entry before its config is known. */
function naming({ entry, config }: SummaryRow): [string, string] {
  if (!config) return [entry, ''];
  const { networkType, hiddenLayers, maxoutPieces, method } = config;
  const pieces = networkType === 'maxout' ? `, ${maxoutPieces} pieces` : '';
  return [`${networkNames[networkType]} ${layersOf(hiddenLayers)}${pieces}`, nameMethod(method)];
}

export function layersOf(hiddenLayers: readonly number[]): string {
  const [units] = hiddenLayers;
  const isEven = hiddenLayers.every((other) => other === units);
  return isEven ? `${hiddenLayers.length} × ${units}` : hiddenLayers.join('-');
}

function spreadText(spread: Spread | null | undefined, digits: number): string {
  if (!spread) return notYet;
  const { mean, deviation } = spread;
  if (deviation === null) return percent(mean, digits);
  return `${(100 * mean).toFixed(digits)} ± ${percent(deviation, digits)}`;
}

export function cleanCell({ clean }: SummaryRow): string {
  return spreadText(clean, 2);
}

export function attackCell({ attacks }: SummaryRow, index: number): string {
  return spreadText(attacks[index]?.spread, 1);
}

export function seedCount({ seeds, missingSeeds }: SummaryRow): string {
  const all = seeds.length + missingSeeds.length;
  return missingSeeds.length === 0 ? String(all) : `${seeds.length} of ${all}`;
}

export const notYet = 'not run yet';

/** Test errors of entries without attack. */
export function cleanTable(rows: readonly SummaryRow[], withPaper: boolean): string {
  const titles = ['Network', 'Method', 'Epochs', 'Seeds', 'Test error'];
  if (withPaper) titles.push('Paper');
  titles.push('Core minutes a run');
  return table(
    titles,
    rows.map((row) => {
      const { config, paper, cpuSeconds } = row;
      const cells = [
        ...naming(row),
        config ? String(config.epochs) : '',
        seedCount(row),
        cleanCell(row),
      ];
      if (withPaper) cells.push(paper === null ? '' : percent(paper));
      cells.push(cpuSeconds === null ? '' : (cpuSeconds / 60).toFixed(1));
      return cells;
    }),
  );
}

export function attackTitle(attack: Attack): string {
  const kind = attack.kind === 'pgd' ? `PGD-${attack.steps}` : attack.kind.toUpperCase();
  return `${kind}, ε ${attack.epsilon}`;
}

/** Test errors under the attacks with or without clipping. */
export function attackTable(
  rows: readonly SummaryRow[],
  attacks: readonly Attack[],
  clip: boolean,
): string {
  const chosen = attacks.flatMap((attack, i) => (attack.clip === clip ? [{ attack, i }] : []));
  const titles = chosen.map(({ attack }) => attackTitle(attack));
  return table(
    ['Network', 'Method', 'Epochs', ...titles],
    rows.map((row) => [
      ...naming(row),
      row.config ? String(row.config.epochs) : '',
      ...chosen.map(({ i }) => attackCell(row, i)),
    ]),
  );
}

export function recipeTable({ rows }: Summary, { choices }: Recipes): string {
  return table(
    ['Entry', 'Tried: layers, learning rate, validation error', 'Run with', 'Epochs', 'Decay'],
    rows.map(({ entry, config }) => {
      if (config === null) return [entry, 'not chosen yet', '', '', ''];
      const choice = choices.find((candidate) => candidate.entry === entry);
      const tried = choice?.trials.map(({ hiddenLayers, learningRate, errorRate }) => {
        const text = `${layersOf(hiddenLayers)}, ${learningRate}: ${percent(errorRate)}`;
        const isChosen =
          learningRate === choice.learningRate &&
          layersOf(hiddenLayers) === layersOf(choice.hiddenLayers);
        return isChosen ? `**${text}**` : text;
      });
      const recipe = tried?.join('; ') ?? 'nothing; the rate is another entry’s';
      const { hiddenLayers, learningRate, epochs, learningRateDecay } = config;
      const run = `${layersOf(hiddenLayers)}, ${learningRate}`;
      return [entry, recipe, run, String(epochs), String(learningRateDecay)];
    }),
  );
}
