import type { Choice } from '../../../src/domain/reproduction.ts';
import { formatCount } from '../../../src/ui/format.ts';
import type { Entry } from '../plans/plan.ts';
import type { Findings } from '../plans/studies.ts';
import { percent } from './numbers.ts';
import { alwaysDecays, nameMethod, table } from './tables.ts';

/** How the recipes for CIFAR-10 were chosen, and what their trials leave open. */

/** "0.0005, ε 0.01": the learning rate and what else differs between the recipes. */
export function recipeText({
  learningRate,
  settings = {},
}: Pick<Choice, 'learningRate' | 'settings'>) {
  const { trainingEpsilon, inputDropoutRate, hiddenDropoutRate, weightDecay } = settings;
  const parts = [String(learningRate)];
  if (trainingEpsilon !== undefined) parts.push(`ε ${trainingEpsilon}`);
  if (inputDropoutRate !== undefined) parts.push(`${inputDropoutRate} of pixels dropped`);
  if (hiddenDropoutRate !== undefined) parts.push(`${hiddenDropoutRate} of units dropped`);
  if (weightDecay !== undefined) parts.push(`weight decay ${weightDecay}`);
  return parts.join(', ');
}

function isSameRecipe(a: Choice['trials'][number], b: Choice): boolean {
  return recipeText(a) === recipeText(b);
}

/** As the tables call it: the method, or what all of its recipes add to plain. */
export function nameEntry(entry: Entry): string {
  return alwaysDecays(entry) ? 'weight decay' : nameMethod(entry.method);
}

export function trialsTable({ plan, recipes }: Findings): string {
  return table(
    ['Method', 'Tried: learning rate, other settings, validation error'],
    plan.entries.map((entry) => {
      const choice = recipes?.choices.find((one) => one.entry === entry.id);
      const tried = choice?.trials.map((trial) => {
        const shown = `${recipeText(trial)}: ${percent(trial.errorRate, 1)}`;
        return isSameRecipe(trial, choice) ? `**${shown}**` : shown;
      });
      return [nameEntry(entry), tried?.join('; ') ?? 'not chosen yet'];
    }),
  );
}

/** The chosen recipe's validation error and the mean test error of each entry that has both. */
function chosenErrors({ summary: { rows }, recipes }: Findings) {
  return (recipes?.choices ?? []).flatMap((choice) => {
    const row = rows.find(({ entry }) => entry === choice.entry);
    const trial = choice.trials.find((one) => isSameRecipe(one, choice));
    if (!row?.clean || !trial) return [];
    return [{ entry: choice.entry, validation: trial.errorRate, test: row.clean.mean }];
  });
}

/** Says where the brief trials and the whole runs disagree the most. */
export function trialLimitText(findings: Findings): string {
  const found = chosenErrors(findings);
  const worst = found.reduce((a, b) => (b.validation > a.validation ? b : a), found[0]!);
  const best = found.reduce((a, b) => (b.test < a.test ? b : a), found[0]!);
  if (found.length < 2 || worst.entry !== best.entry) return '';
  const name = nameEntry(findings.plan.entries.find(({ id }) => id === best.entry)!);
  return ` Brief trials say little about what regularizes in longer runs: ${name} had the worst of the chosen trials and has the lowest test error.`;
}

/** " by 14 of 10,000 validation images": by how much weight decay's best trial beat plain's. */
export function validationLead(findings: Findings): string {
  const [plain, decay] = ['cifar-all-plain', 'cifar-all-weight-decay'].map((id) =>
    chosenErrors(findings).find(({ entry }) => entry === id),
  );
  if (!plain || !decay) return '';
  const images = Math.round(findings.plan.data.heldOut * (plain.validation - decay.validation));
  return ` by ${images} of ${formatCount(findings.plan.data.heldOut)} validation images`;
}

/** Which settings of the chosen recipes are the smallest or largest that were tried, so that others may be better. */
export function edgesText({ plan, recipes }: Findings): string {
  const edges = plan.entries.flatMap((entry) => {
    const choice = recipes?.choices.find((one) => one.entry === entry.id);
    if (choice === undefined) return [];
    const at = (
      ['trainingEpsilon', 'inputDropoutRate', 'hiddenDropoutRate', 'weightDecay'] as const
    ).map(
      (key) =>
        [
          edgeNames[key],
          choice.settings?.[key],
          choice.trials.map((one) => one.settings?.[key]),
        ] as const,
    );
    const rates = [
      'learning rate',
      choice.learningRate,
      choice.trials.map((one) => one.learningRate),
    ] as const;
    const found = [rates, ...at].flatMap(([name, value, tried]) => {
      const values = tried.flatMap((one) => one ?? []);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      if (value === undefined || low === high) return [];
      return value === low
        ? [`the smallest ${name}`]
        : value === high
          ? [`the largest ${name}`]
          : [];
    });
    return found.length === 0 ? [] : [`${nameEntry(entry)} has ${list.format(found)}`];
  });
  if (edges.length === 0) return '';
  return `Some chosen recipes are at the edge of those tried, so better ones may lie beyond: of its own trials, ${edges.join('; ')}.`;
}

const list = new Intl.ListFormat('en');
const edgeNames = {
  trainingEpsilon: 'ε',
  inputDropoutRate: 'dropout rate of pixels',
  hiddenDropoutRate: 'dropout rate of units',
  weightDecay: 'weight decay',
} as const;

/** Names the other recipes of ABP with exactly the same validation error as the chosen one. */
export function tieText({ recipes }: Findings): string {
  const choice = recipes?.choices.find(({ entry }) => entry === 'cifar10-adversarial');
  if (choice === undefined) return '';
  const chosen = choice.trials.find((trial) => isSameRecipe(trial, choice));
  const ties = choice.trials.filter(
    (trial) => trial.errorRate === chosen?.errorRate && !isSameRecipe(trial, choice),
  );
  const others = ties.map(recipeText).join(' and ');
  const tie =
    others === ''
      ? ''
      : ` The trial with ${others} had exactly the same error and was not chosen, because it comes later in the plan.`;
  return `ABP’s ε was chosen for the error without attack alone, and so were all recipes: resistance to attacks was not a goal, and a larger ε usually gives more of it.${tie}`;
}
