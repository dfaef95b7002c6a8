import type { RunConfig } from '../../../src/domain/settings/config.ts';
import { lowerFirst } from '../../../src/domain/settings/describeSettings.ts';
import { methodFacts, methodUses } from '../../../src/domain/settings/methods.ts';
import type { Attack } from '../../../src/domain/metrics.ts';
import type {
  Choice,
  Recipes,
  Spread,
  Summary,
  SummaryRow,
} from '../../../src/domain/reproduction.ts';
import { type Entry, fullPlan } from '../plans/plan.ts';
import { percent } from './numbers.ts';

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

export const networkNames: Readonly<Record<RunConfig['networkType'], string>> = {
  relu: 'ReLU',
  logistic: 'Logistic',
  tanh: 'tanh',
  maxout: 'Maxout',
};

/** A method's short name within a sentence or a table: "plain", "ABP". */
export function nameMethod(method: RunConfig['method']): string {
  return lowerFirst(methodFacts[method].shortName);
}

/** An entry of the plan for MNIST: only there are rows whose recipe is not chosen yet. */
function plannedEntry(id: string): Entry {
  return fullPlan.entries.find((entry) => entry.id === id)!;
}

/** Whether weight decay is what all recipes of an entry add to its method. */
export function alwaysDecays({ trials }: Entry): boolean {
  return trials.length > 0 && trials.every(({ settings }) => settings?.weightDecay);
}

/** The first two cells of a row: network and method, as far as the trials agree if the recipe is not chosen yet. */
function naming({ entry, config }: SummaryRow): [string, string] {
  if (!config) {
    const planned = plannedEntry(entry);
    const { networkType, method, trials } = planned;
    const layers = new Set(trials.map(({ hiddenLayers }) => layersOf(hiddenLayers)));
    return [
      [networkNames[networkType], ...(layers.size === 1 ? layers : [])].join(' '),
      `${nameMethod(method)}${alwaysDecays(planned) ? ', weight decay' : ''}`,
    ];
  }
  const { networkType, hiddenLayers, maxoutPieces, method, weightDecay } = config;
  const pieces = networkType === 'maxout' ? `, ${maxoutPieces} pieces` : '';
  const decay = weightDecay > 0 ? ', weight decay' : '';
  return [
    `${networkNames[networkType]} ${layersOf(hiddenLayers)}${pieces}`,
    `${nameMethod(method)}${decay}`,
  ];
}

function epochsCell({ entry, config }: SummaryRow): string {
  if (config) return String(config.epochs);
  const { trials, schedule } = plannedEntry(entry);
  return trials.some((trial) => trial.schedule) ? 'not chosen yet' : String(schedule.epochs);
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
  titles.push('CPU minutes a run');
  return table(
    titles,
    rows.map((row) => {
      const { paper, cpuSeconds } = row;
      const cells = [...naming(row), epochsCell(row), seedCount(row), cleanCell(row)];
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

/** Test errors under the attacks with or without clipping, of the entries that have runs. */
export function attackTable(
  rows: readonly SummaryRow[],
  attacks: readonly Attack[],
  clip: boolean,
): string {
  const chosen = attacks.flatMap((attack, i) => (attack.clip === clip ? [{ attack, i }] : []));
  const measured = rows.filter((row) => chosen.some(({ i }) => row.attacks[i]?.spread));
  const titles = chosen.map(({ attack }) => attackTitle(attack));
  return table(
    ['Network', 'Method', 'Epochs', ...titles],
    measured.map((row) => [
      ...naming(row),
      epochsCell(row),
      ...chosen.map(({ i }) => attackCell(row, i)),
    ]),
  );
}

/** "2 × 400, 0.001, 200 epochs, adam": what a trial has of its own. */
function trialText(trial: Choice['trials'][number]): string {
  const { learningRate, hiddenLayers, schedule, settings = {} } = trial;
  const parts = [layersOf(hiddenLayers), String(learningRate)];
  if (schedule) {
    const isConstant = schedule.finalRate === 1;
    parts.push(`${schedule.epochs} epochs${isConstant ? ' at one rate' : ''}`);
  }
  if (settings.optimizer) parts.push(settings.optimizer);
  if (settings.batchSize) parts.push(`batches of ${settings.batchSize}`);
  if (settings.weightDecay) parts.push(`weight decay ${settings.weightDecay}`);
  return parts.join(', ');
}

export function recipeTable({ rows }: Pick<Summary, 'rows'>, { choices }: Recipes): string {
  return table(
    [
      'Entry',
      'Tried: layers, learning rate, other settings: validation error',
      'Run with',
      'Epochs',
      'Decay',
    ],
    rows.map(({ entry, config }) => {
      if (config === null) return [entry, 'not chosen yet', '', '', ''];
      const choice = choices.find((candidate) => candidate.entry === entry);
      const best = Math.min(...(choice?.trials ?? []).map(({ errorRate }) => errorRate));
      // Of equal errors the first one is chosen.
      const chosen = choice?.trials.find(({ errorRate }) => errorRate === best);
      const tried = choice?.trials.map((trial) => {
        const text = `${trialText(trial)}: ${percent(trial.errorRate)}`;
        return trial === chosen ? `**${text}**` : text;
      });
      const recipe = tried?.join('; ') ?? 'no trials; fixed in the plan';
      const { hiddenLayers, learningRate, epochs, learningRateDecay } = config;
      const run = `${layersOf(hiddenLayers)}, ${learningRate}`;
      return [entry, recipe, run, String(epochs), String(learningRateDecay)];
    }),
  );
}

/** How robust the first seed's network of each entry is, at every perturbation that was measured. */
export function robustnessTable(rows: readonly SummaryRow[], clip: boolean): string | null {
  const measured = rows.flatMap((row) => (row.robustness ? [{ row, found: row.robustness }] : []));
  if (measured.length === 0) return null;
  const one = (rate: number | null) => (rate === null ? '' : percent(rate, 1));
  return table(
    ['Network', 'Method', 'ε', 'FGSM', 'PGD-20', 'Margin PGD-20', 'Strongest'],
    measured.flatMap(({ row, found }) =>
      found.attacks
        .filter((attack) => attack.clip === clip)
        .map(({ epsilon, fgsm, pgd, marginPgd, strongest }) => [
          ...naming(row),
          String(epsilon),
          ...[fgsm, pgd, marginPgd, strongest].map(one),
        ]),
    ),
  );
}

/** Shares of images that are proven to be safe. */
export function certificateTable(rows: readonly SummaryRow[]): string | null {
  const measured = rows.flatMap((row) => {
    const { certified } = row.robustness ?? { certified: [] };
    return certified.length > 0 ? [{ row, certified }] : [];
  });
  const [first] = measured;
  if (first === undefined) return null;
  return table(
    ['Network', 'Method', ...first.certified.map(({ epsilon }) => `ε ${epsilon}`)],
    measured.map(({ row, certified }) => [
      ...naming(row),
      ...certified.map(({ share }) => percent(share, 1)),
    ]),
  );
}

/** Errors on training images, as they are and attacked as in training: where the first is larger, the label leaks. */
export function leakingTable(rows: readonly SummaryRow[]): string | null {
  const measured = rows.flatMap((row) => {
    const isPerturbed = row.config ? methodUses(row.config.method, 'epsilon') : false;
    return row.robustness && isPerturbed ? [{ row, training: row.robustness.training }] : [];
  });
  if (measured.length === 0) return null;
  return table(
    ['Network', 'Method', 'Training error', 'Training error under FGSM'],
    measured.map(({ row, training: { clean, fgsm } }) => [
      ...naming(row),
      percent(clean),
      percent(fgsm),
    ]),
  );
}
