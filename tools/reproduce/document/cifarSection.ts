import {
  edgesText,
  nameEntry,
  recipeText,
  tieText,
  trialLimitText,
  trialsTable,
  validationLead,
} from './cifarRecipes.ts';
import { discordantText, gainOverImages, gainsOf, pairs } from './pairs.ts';
import { formatCount } from '../../../src/ui/format.ts';
import { errorPoints, intervalText, signedPoints } from './numbers.ts';
import { cifarPlan, cifarSchedule } from '../plans/cifarPlan.ts';
import { common } from '../plans/plan.ts';
import { containsZero, type Difference, meanOfPairs } from '../statistics.ts';
import type { Findings } from '../plans/studies.ts';
import {
  attackCell,
  attackTitle,
  cleanCell,
  notYet,
  robustnessTable,
  seedCount,
  table,
} from './tables.ts';

const { data } = cifarPlan;
const schedule = cifarSchedule;

function allText(findings: Findings): string {
  return `## CIFAR-10

The abstract says that on CIFAR-10, in fully connected networks, ABP regularizes about as well as dropout. Here it is tested with all 50,000 training and
10,000 test images, but as **JPEG copies** of quality 75 and not as the originals; how much that changes the errors was not measured. The command knows the
copies by their SHA-256; they are not published with this project. Networks have 3,072 inputs and two layers of 400 ReLU; ${schedule.epochs} epochs for every method, and the last one counts.

- **ε is a fraction of the pixel range** 0 to 1: ε 0.01 changes a color value by 2.55 of 255. The network standardizes pixels after that,
  (x − 0.4734) / 0.2516, so this is 0.04 standard deviations. MNIST’s ${common.trainingEpsilon} is far outside of what was tried: in the trials the error rose from ε 0.005 on.
- Recipes are chosen on the last ${formatCount(data.heldOut)} training images, after training on the other ${formatCount(data.training - data.heldOut)} for ${schedule.trialEpochs} epochs, with a rate that falls as far as in ${schedule.epochs}, and with seed 1.
  Dropout, ABP and the others have six trials each, plain has four rates, and weight decay two strengths at one rate.${trialLimitText(findings)}
- **Plain has no weight decay; the abstract says only “back-propagation”. This was decided after the test errors of weight decay, dropout and ABP were known**: weight decay was at first among plain’s trials and won
  there${validationLead(findings)}, so that ABP was first compared with it, and did worse. That comparison is below, too. The difference between ABP and dropout does not depend on plain; what it says of the abstract’s claim does.
- The margin of one percentage point for “about as well” was declared before the first trial. It is larger than all that ABP gains here.
- Random signs (x + ε · r) are the control: their gain needs no gradient.
- All attacks are clipped to [0, 1]; PGD-40 takes 40 steps of ε / 16.`;
}

const text = `### A part of the original images

The same on original images, but on a tenth of them: the first 1,000 images of each of the six batches, 5,000 to train and 1,000 to test on. Networks have 3,072 inputs and two layers of 400 ReLU;
20 epochs for every method, and the last one counts.

- Recipes are chosen on the last 1,000 training images, after training on the other 4,000: six for each method, each once, with seed 1. They are in
  \`results/cifar10-sample/recipes.json\`, without which no run evaluates a test image. Every dropout recipe also drops
  ${common.inputDropoutRate} of the pixels.`;

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

function gainSentence(mean: Difference | null, name: string, more: string): string {
  if (mean === null) return `${name}: not run yet.`;
  if (containsZero(mean)) {
    return `${name}: no gain over plain is shown (${signedPoints(mean.mean)} points, an interval that contains 0).`;
  }
  return `${name} is ${mean.mean > 0 ? 'better' : 'worse'} than plain by ${beyondSpread(mean)}${more}.`;
}

function beyondSpread({ mean }: Difference): string {
  return `${(100 * Math.abs(mean)).toFixed(2)} points, beyond the spread of the seeds`;
}

/** What remains of a difference for test images in general; '' where the images were not kept. */
function overImagesText(findings: Findings, entries: readonly [string, string]): string {
  const found = gainOverImages(findings, entries);
  if (found === null) return '';
  const open = containsZero(found) ? ', which contains 0' : '';
  return `; 95 % interval over seeds and test images ${intervalText(found)}${open}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The methods that ABP is compared with directly. */
const rivalNames: readonly string[] = ['dropout', 'weight decay', 'random signs'];

function conclusions(findings: Findings): string {
  const { entries } = findings.plan;
  const sentences = gainersOf(findings).map((entry) => {
    const name = upperFirst(nameEntry(entry));
    const more = overImagesText(findings, [entries[0]!.id, entry.id]);
    return gainSentence(meanOfPairs(gains(findings, entry.id, null)), name, more);
  });
  const adversarial = entries.find(({ method }) => method === 'adversarial')!;
  const rivals = entries.filter((entry) => rivalNames.includes(nameEntry(entry)));
  for (const rival of rivals) {
    const between = meanOfPairs(gainsOf(pairs(findings, [rival.id, adversarial.id])));
    if (between === null) continue;
    const name = nameEntry(rival);
    const better =
      between.mean > 0 ? `ABP is better than ${name}` : `${upperFirst(name)} is better than ABP`;
    sentences.push(
      containsZero(between)
        ? `ABP and ${name} cannot be distinguished (${signedPoints(between.mean)} points between them).`
        : `${better} by ${beyondSpread(between)} (95 % interval of the gain of ABP ${intervalText(between)}${overImagesText(findings, [rival.id, adversarial.id])}).`,
    );
  }
  return sentences.join(' ');
}

/** McNemar's counts of plain, and of ABP's rivals, against each method, seed by seed. */
function discordantTable(findings: Findings): string {
  const { plan, results } = findings;
  const [plain] = plan.entries;
  const abp = plan.entries.find(({ method }) => method === 'adversarial')!;
  const rivals = plan.entries.filter((entry) => rivalNames.includes(nameEntry(entry)));
  const compared = [
    ...gainersOf(findings).map((gainer) => [plain!, gainer] as const),
    ...rivals.map((rival) => [rival, abp] as const),
  ];
  const rows = compared.flatMap(([first, second]) => {
    const counts = second.seeds.flatMap((seed) => {
      const [a, b] = [first.id, second.id].map((entry) => results.get(`${entry}-seed${seed}`));
      return a && b ? [discordantText(a, b) ?? 'not kept'] : [];
    });
    return counts.length === 0 ? [] : [[nameEntry(first), nameEntry(second), counts.join('; ')]];
  });
  return table(
    ['First', 'Second', 'Only the first / only the second is wrong, seed by seed'],
    rows,
  );
}

const sampleLimits = `Intervals count seeds alone. The 1,000 test images are few: even a fixed network’s error of 55 % is known only to ± 1.6 points
(one standard error) for images in general, and a difference of two networks that disagree on a quarter of the images to the same ± 1.6. So a gain of less than
about three points, with any interval, is a statement about these 1,000 images and not about CIFAR-10. Nor were the recipes chosen precisely: on 1,000
held-out images, trials within about two points of each other cannot be distinguished. The methods run with
different learning rates, which moves resistance too: the rows under attack compare recipes, not methods alone. With nine intervals of 95 %, one that misses 0 by
chance is no surprise. And 5,000 images for 1.4 million weights are not the
abstract’s 50,000.`;

const gainsIntroduction =
  'Gain over plain: plain’s error minus the method’s with the same seed, which gives the same initial weights and batches; in percentage points. Above 0 is better than plain.';

/** All images, as JPEG copies. */
export function cifarText(findings: Findings): string {
  const attacked = robustnessTable(findings.summary.rows, true);
  return [
    allText(findings),
    errorsTable(findings),
    gainsIntroduction,
    gainsTable(findings, 2),
    discordantTable(findings),
    ...(attacked
      ? ['The network of seed 1 under stronger attacks, on the first 1,000 test images:', attacked]
      : []),
    `**What can be concluded.** ${conclusions(findings)}`,
    `**What cannot.** Each method has one recipe, from trials with one seed and a third of the epochs, and the methods run with different learning rates: the rows compare recipes, not methods alone. The networks are small for CIFAR-10, and the images are copies. ${edgesText(findings)}`.trimEnd(),
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
    `**What cannot.** ${sampleLimits} ${tieText(findings)} ${edgesText(findings)}`.trimEnd(),
    'How the recipes were chosen:',
    trialsTable(findings),
  ].join('\n\n');
}
