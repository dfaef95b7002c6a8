import type { Choice } from '../../../src/domain/reproduction.ts';
import { discordantText, gainsOf, pairs } from './claims.ts';
import { errorPoints, intervalText, percent, signedPoints } from './numbers.ts';
import { common, type Entry } from '../plans/plan.ts';
import { containsZero, type Difference, meanOfPairs } from '../statistics.ts';
import type { Findings } from '../plans/studies.ts';
import {
  attackCell,
  attackTitle,
  cleanCell,
  nameMethod,
  notYet,
  robustnessTable,
  seedCount,
  table,
} from './tables.ts';

const allText = `## CIFAR-10

The abstract says that on CIFAR-10, in fully connected networks, ABP regularizes about as well as dropout. Here it is tested with all 50,000 training and
10,000 test images, but as **JPEG copies** of quality 75 and not as the originals; how much that changes the errors was not measured. The command knows the
copies by their SHA-256; they are not published with this project. Networks have 3,072 inputs and two layers of 400 ReLU; 30 epochs for every method, and the last one counts.

- **ε is a fraction of the pixel range** 0 to 1: ε 0.01 changes a color value by 2.55 of 255. The network standardizes pixels after that,
  (x − 0.4734) / 0.2516, so this is 0.04 standard deviations. MNIST’s 0.08 would be far too much, because color images have no empty background.
- Recipes are chosen on the last 10,000 training images, after training on the other 40,000 for 10 epochs, with a rate that falls as far as in 30, and with seed 1. Dropout, ABP and the
  others have six trials each, plain has four rates, and weight decay two strengths at one rate. Trials of ten epochs say little about what regularizes over thirty: dropout
  had the worst of the chosen trials and has the lowest test error.
- **Plain is the paper’s, without weight decay. That was decided after the test errors of weight decay, dropout and ABP were known**: weight decay was at first among plain’s trials and won
  there by a few validation images, so that ABP was first compared with it, and did worse. That comparison is below, too. How ABP compares with dropout does not depend on plain.
- Random signs (x + ε · r) are the control: their gain needs no gradient.
- All attacks are clipped to [0, 1]; PGD-40 takes 40 steps of ε / 16.`;

const text = `### A part of the original images

The same on original images, but on a tenth of them: the first 1,000 images of each of the six batches, 5,000 to train and 1,000 to test on. Networks have 3,072 inputs and two layers of 400 ReLU;
20 epochs for every method, and the last one counts.

- Recipes are chosen on the last 1,000 training images, after training on the other 4,000: six for each method, each once, with seed 1. They are in
  \`results/cifar10-sample/recipes.json\`, without which no run evaluates a test image. Every dropout recipe also drops
  ${common.inputDropoutRate} of the pixels.`;

/** "0.0005, ε 0.01": the learning rate and what else differs between the recipes. */
function recipeText({ learningRate, settings = {} }: Pick<Choice, 'learningRate' | 'settings'>) {
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
function nameEntry({ method, trials }: Entry): string {
  const hasDecay = trials.length > 0 && trials.every(({ settings }) => settings?.weightDecay);
  return hasDecay ? 'weight decay' : nameMethod(method);
}

function trialsTable({ plan, recipes }: Findings): string {
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

function errorsTable({ plan, summary: { rows }, recipes }: Findings): string {
  const titles = plan.attacks.map(attackTitle);
  const choices = new Map(recipes?.choices.map((choice) => [choice.entry, recipeText(choice)]));
  return table(
    ['Method', 'Recipe', 'Seeds', 'Test error', ...titles],
    rows.map((row, i) => [
      nameEntry(plan.entries[i]!),
      choices.get(row.entry) ?? 'not chosen yet',
      seedCount(row),
      cleanCell(row),
      ...titles.map((_, attack) => attackCell(row, attack)),
    ]),
  );
}

/** The methods of a plan that are compared with its first, plain. */
function gainersOf({ plan }: Findings) {
  return plan.entries.slice(1);
}

function gainCells(bySeed: readonly number[], digits: number): string[] {
  const mean = meanOfPairs(bySeed);
  if (mean === null) return [notYet, '', ''];
  return [
    bySeed.map((gain) => signedPoints(gain, digits)).join(', '),
    `${signedPoints(mean.mean)} ± ${errorPoints(mean)}`,
    intervalText(mean),
  ];
}

/** Plain's error minus another entry's, without attack or under one of the plan's, for each seed. */
function gains(findings: Findings, entry: string, attack: number | null): number[] {
  const { plan, results } = findings;
  const figureOf = (runId: string): number | null => {
    const last = results.get(runId)?.last;
    return (attack === null ? last?.errorRate : last?.attacks[attack]?.errorRate) ?? null;
  };
  return gainsOf(pairs(findings, [plan.entries[0]!.id, entry], figureOf));
}

/** @param digits of the gains seed by seed, as many as the number of test images supports */
function gainsTable(findings: Findings, digits: number): string {
  const { plan } = findings;
  const rows = gainersOf(findings).flatMap((entry) => {
    const { id } = entry;
    const attacked = plan.attacks.flatMap((attack, i) =>
      attack.kind === 'pgd'
        ? [[attackTitle(attack), ...gainCells(gains(findings, id, i), digits)]]
        : [],
    );
    const clean = ['no attack', ...gainCells(gains(findings, id, null), digits)];
    return [clean, ...attacked].map((cells) => [nameEntry(entry), ...cells]);
  });
  return table(
    ['Method', 'Images', 'Gain, seed by seed', 'Mean ± standard error', '95 % interval'],
    rows,
  );
}

function gainSentence(mean: Difference | null, name: string): string {
  if (mean === null) return `${name}: not run yet.`;
  if (containsZero(mean)) {
    return `${name}: no gain over plain is shown (${signedPoints(mean.mean)} points, an interval that contains 0).`;
  }
  return `${name} is ${mean.mean > 0 ? 'better' : 'worse'} than plain by ${beyondSpread(mean)}.`;
}

function beyondSpread({ mean }: Difference): string {
  return `${(100 * Math.abs(mean)).toFixed(2)} points, beyond the spread of the seeds`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function conclusions(findings: Findings): string {
  const { entries } = findings.plan;
  const sentences = gainersOf(findings).map((entry) => {
    const name = nameEntry(entry);
    return gainSentence(meanOfPairs(gains(findings, entry.id, null)), upperFirst(name));
  });
  const adversarial = entries.find(({ method }) => method === 'adversarial')!;
  const rivals = entries.filter((entry) => ['dropout', 'weight decay'].includes(nameEntry(entry)));
  for (const rival of rivals) {
    const between = meanOfPairs(gainsOf(pairs(findings, [rival.id, adversarial.id])));
    if (between === null) continue;
    const name = nameEntry(rival);
    const better =
      between.mean > 0 ? `ABP is better than ${name}` : `${upperFirst(name)} is better than ABP`;
    sentences.push(
      containsZero(between)
        ? `ABP and ${name} cannot be distinguished (${signedPoints(between.mean)} points between them).`
        : `${better} by ${beyondSpread(between)} (95 % interval of the gain of ABP ${intervalText(between)}).`,
    );
  }
  return sentences.join(' ');
}

/** McNemar's counts of plain against each method, seed by seed. */
function discordantTable(findings: Findings): string {
  const { plan, results } = findings;
  const [plain] = plan.entries;
  const rows = gainersOf(findings).map((gainer) => {
    const counts = gainer.seeds.map((seed) => {
      const [a, b] = [plain!.id, gainer.id].map((entry) => results.get(`${entry}-seed${seed}`));
      return (a && b && discordantText(a, b)) ?? notYet;
    });
    return [nameEntry(gainer), counts.join('; ')];
  });
  return table(['Method', 'Only plain / only the method is wrong, seed by seed'], rows);
}

const sampleLimits = `Intervals count seeds alone. The 1,000 test images are few: even a fixed network’s error of 55 % is known only to ± 1.6 points
(one standard error) for images in general, and a difference of two networks that disagree on a quarter of the images to the same ± 1.6. So a gain of less than
about three points, with any interval, is a statement about these 1,000 images and not about CIFAR-10. Nor were the recipes chosen precisely: on 1,000
held-out images, trials within about two points of each other cannot be distinguished, and plain’s rate is at the edge of those tried. The methods run with
different learning rates, which moves resistance too: the rows under attack compare recipes, not methods alone. With nine intervals of 95 %, one that misses 0 by
chance is no surprise. And 5,000 images for 1.4 million weights are not the
abstract’s 50,000.`;

/** Names the other recipes of ABP with exactly the same validation error as the chosen one. */
function tieText({ recipes }: Findings): string {
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

const gainsIntroduction =
  'Gain over plain: plain’s error minus the method’s with the same seed, which gives the same initial weights and batches; in percentage points. Above 0 is better than plain.';

/** All images, as JPEG copies. */
export function cifarText(findings: Findings): string {
  const attacked = robustnessTable(findings.summary.rows, true);
  return [
    allText,
    errorsTable(findings),
    gainsIntroduction,
    gainsTable(findings, 2),
    discordantTable(findings),
    ...(attacked
      ? ['The network of seed 1 under stronger attacks, on the first 1,000 test images:', attacked]
      : []),
    `**What can be concluded.** ${conclusions(findings)}`,
    'How the recipes were chosen:',
    trialsTable(findings),
  ].join('\n\n');
}

/** A tenth of the original images. */
export function cifarSampleText(findings: Findings): string {
  return [
    text,
    errorsTable(findings),
    gainsIntroduction,
    gainsTable(findings, 1),
    `**What can be concluded.** ${conclusions(findings)}`,
    `**What cannot.** ${sampleLimits} ${tieText(findings)}`,
    'How the recipes were chosen:',
    trialsTable(findings),
  ].join('\n\n');
}
