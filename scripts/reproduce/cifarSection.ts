import type { Choice, SummaryRow } from '../../src/shared/reproduction.ts';
import { percent } from './checks.ts';
import { common, type TrialSettings } from './plan.ts';
import { containsZero, type Difference, meanOfPairs } from './statistics.ts';
import type { Findings } from './studies.ts';
import { cifarGain, type Gain, signedPoints } from './studyChecks.ts';
import { attackTitle, methodNames, notYet, seedCount, spreadText, table } from './tables.ts';

const text = `## CIFAR-10, a part of it

The abstract says that on CIFAR-10, in fully connected networks, ABP regularizes about as well as dropout. Here it is tried on a tenth of that data
set: the first 1,000 images of each of its six batches, 5,000 to train and 1,000 to test on. Networks have 3,072 inputs and two layers of 400 ReLU;
20 epochs, the last one counts, whatever the method. What is said of the other tables holds here too, but for these:

- **ε is a fraction of the pixel range** 0 to 1: ε 0.01 moves a colour value by 2.55 of 255. The network standardises pixels after that,
  (x − 0.4734) / 0.2516, so that this is 0.04 standard deviations. MNIST’s 0.08 would be far too much: colour images have no empty background.
- Recipes are chosen on the last 1,000 training images, after training on the other 4,000: six for each method, each once, with seed 1. They are in
  \`results/cifar10-sample/recipes.json\`, without which no run evaluates a test image. Beside the units that a dropout recipe names,
  ${common.inputDropoutRate} of the pixels are dropped.
- Random signs (x + ε · r) are the control: what they gain needs no gradient.
- All attacks are clipped to [0, 1]; PGD-40 takes 40 steps of ε / 16.`;

/** What a recipe sets beside rate and layers, in words. */
function settingsText({ trainingEpsilon, inputDropoutRate, hiddenDropoutRate }: TrialSettings) {
  const parts: string[] = [];
  if (trainingEpsilon !== undefined) parts.push(`ε ${trainingEpsilon}`);
  if (inputDropoutRate !== undefined) parts.push(`${inputDropoutRate} of pixels dropped`);
  if (hiddenDropoutRate !== undefined) parts.push(`${hiddenDropoutRate} of units dropped`);
  return parts;
}

function recipeText({ learningRate, settings = {} }: Pick<Choice, 'learningRate' | 'settings'>) {
  return [String(learningRate), ...settingsText(settings)].join(', ');
}

function isSameRecipe(a: Choice['trials'][number], b: Choice): boolean {
  return recipeText(a) === recipeText(b);
}

function trialsTable({ plan, recipes }: Findings): string {
  return table(
    ['Method', 'Tried: learning rate, other settings, validation error'],
    plan.entries.map(({ id, method }) => {
      const choice = recipes?.choices.find(({ entry }) => entry === id);
      const tried = choice?.trials.map((trial) => {
        const shown = `${recipeText(trial)}: ${percent(trial.errorRate, 1)}`;
        return isSameRecipe(trial, choice) ? `**${shown}**` : shown;
      });
      return [methodNames[method], tried?.join('; ') ?? 'not chosen yet'];
    }),
  );
}

function errorsTable({ plan, summary: { rows }, recipes }: Findings): string {
  const titles = plan.attacks.map(attackTitle);
  const recipeOf = ({ entry }: SummaryRow) => {
    const choice = recipes?.choices.find((one) => one.entry === entry);
    return choice ? recipeText(choice) : 'not chosen yet';
  };
  return table(
    ['Method', 'Recipe', 'Seeds', 'Test error', ...titles],
    rows.map((row, i) => [
      methodNames[plan.entries[i]!.method],
      recipeOf(row),
      seedCount(row),
      row.clean ? spreadText(row.clean) : notYet,
      ...titles.map((_, attack) => {
        const found = row.attacks[attack];
        return found ? spreadText(found.spread, 1) : notYet;
      }),
    ]),
  );
}

const gainers = ['dropout', 'adversarial', 'noise'] as const;

function gainCells(bySeed: readonly number[], mean: Difference | null): string[] {
  if (mean === null) return [notYet, '', ''];
  return [
    bySeed.map((gain) => signedPoints(gain, 1)).join(', '),
    `${signedPoints(mean.mean)} ± ${(100 * mean.standardError).toFixed(2)}`,
    `${signedPoints(mean.low)} to ${signedPoints(mean.high)}`,
  ];
}

/** Plain's error less another method's under an attack of the plan, seed by seed. */
function attackGains({ plan, results }: Findings, method: string, attack: number): number[] {
  const errorOf = (entry: string, seed: number) =>
    results.get(`${entry}-seed${seed}`)?.last.attacks[attack]?.errorRate;
  return plan.entries[0]!.seeds.flatMap((seed) => {
    const [plain, other] = [errorOf('cifar10-plain', seed), errorOf(`cifar10-${method}`, seed)];
    return plain === undefined || other === undefined ? [] : [plain - other];
  });
}

function gainsTable(findings: Findings): string {
  const { plan, summary } = findings;
  const rows = gainers.flatMap((method) => {
    const { bySeed, mean } = cifarGain(summary, method);
    const attacked = plan.attacks.flatMap((attack, i) => {
      if (attack.kind !== 'pgd') return [];
      const gains = attackGains(findings, method, i);
      return [[attackTitle(attack), ...gainCells(gains, meanOfPairs(gains))]];
    });
    const clean = ['no attack', ...gainCells(bySeed, mean)];
    return [clean, ...attacked].map((cells) => [methodNames[method], ...cells]);
  });
  return table(
    ['Method', 'Images', 'Gain, seed by seed', 'Mean ± standard error', '95 % interval'],
    rows,
  );
}

function gainSentence(gain: Gain, name: string): string {
  const { mean } = gain;
  if (mean === null) return `${name}: not run yet.`;
  if (containsZero(mean)) {
    return `${name}: no gain over plain is shown (${signedPoints(mean.mean)} points, an interval that contains 0).`;
  }
  const by = `${(100 * Math.abs(mean.mean)).toFixed(2)} points`;
  return mean.mean > 0
    ? `${name} is better than plain by ${by}, beyond the spread of the seeds.`
    : `${name} is worse than plain by ${by}, beyond the spread of the seeds.`;
}

function conclusions({ summary }: Findings): string {
  const sentences = gainers.map((method) => {
    const name = methodNames[method];
    const capital = name.charAt(0).toUpperCase() + name.slice(1);
    return gainSentence(cifarGain(summary, method), capital);
  });
  const between = cifarGain(summary, 'adversarial', 'dropout').mean;
  if (between !== null) {
    sentences.push(
      containsZero(between)
        ? `ABP and dropout cannot be told apart (${signedPoints(between.mean)} points between them).`
        : `${between.mean > 0 ? 'ABP' : 'Dropout'} is better than ${between.mean > 0 ? 'dropout' : 'ABP'} by ${(100 * Math.abs(between.mean)).toFixed(2)} points, beyond the spread of the seeds.`,
    );
  }
  return sentences.join(' ');
}

const limits = `Intervals count seeds alone. The 1,000 test images are few: even a fixed network’s error of 55 % is known only to ± 1.6 points
(one standard error) for images in general, and a difference of two networks that disagree on a quarter of the images to the same ± 1.6. So a gain of less than
about three points, whatever its interval, says something about these 1,000 images and not about CIFAR-10. Nor were the recipes chosen finely: on 1,000
held-out images, trials within about two points of each other cannot be told apart, and plain’s rate lies at the edge of those tried. The methods run with
different learning rates, which moves resistance too: the rows under attack compare recipes, not methods alone. With nine intervals of 95 %, one that misses 0 by
chance is no surprise. And 5,000 images for 1.4 million weights are not the
abstract’s 50,000, nor are 20 epochs its training: its claim is neither confirmed nor refuted here.`;

/** Which other recipes of ABP the held-out images could not tell from the chosen one at all. */
function tieText({ recipes }: Findings): string {
  const choice = recipes?.choices.find(({ entry }) => entry === 'cifar10-adversarial');
  if (choice === undefined) return '';
  const chosen = choice.trials.find((trial) => isSameRecipe(trial, choice));
  const ties = choice.trials.filter(
    (trial) => trial.errorRate === chosen?.errorRate && !isSameRecipe(trial, choice),
  );
  const [others, count] = [ties.map(recipeText).join(' and '), ties.length];
  const tie =
    count === 0
      ? ''
      : ` The trial with ${others} had the very same error and was not taken, as it comes later in the plan.`;
  return `ABP’s ε was chosen for the error without attack alone, and so were all recipes: resistance to attack was no aim, and a larger ε usually gives more of it.${tie}`;
}

/** The part of the document on CIFAR-10's sample. */
export function cifarText(findings: Findings): string {
  return [
    text,
    errorsTable(findings),
    'Gain over plain: plain’s error less the method’s with the same seed, which gives the same initial weights and batches; in percentage points. Above 0 is better than plain.',
    gainsTable(findings),
    `**What can be concluded.** ${conclusions(findings)}`,
    `**What cannot.** ${limits} ${tieText(findings)}`,
    'How the recipes were chosen:',
    trialsTable(findings),
  ].join('\n\n');
}
