import type { Recipes, Summary, SummaryRow } from '../../../src/domain/reproduction.ts';
import { formatText } from '../../formatText.ts';
import { checksOf, pairs, percent, signedPoints, studyChecksOf } from './checks.ts';
import { cifarText } from './cifarSection.ts';
import { permutedText } from './permutedSection.ts';
import { formatJson } from '../store.ts';
import { type AllFindings, type Findings, summaryOf } from '../plans/studies.ts';
import { attackTable, cleanTable, notYet, recipeTable, table } from './tables.ts';

const introduction = `# Reproduction of the paper's results

Made by \`npm run reproduce\` from the files in \`results/\`; do not edit it by hand. A unit test compares every table with those files.

The abstract of [Nøkland 2015](https://arxiv.org/abs/1510.04189) states test errors on permutation-invariant MNIST: with rectified
linear units 1.40 % for back-propagation and 0.78 % for adversarial back-propagation (ABP), with logistic units
1.60 % and 0.95 %. Here both are trained again, with this project's own engine on all of MNIST. Two smaller parts follow:
[permuted pixels](#permuted-pixels), and [a part of CIFAR-10](#cifar-10-a-part-of-it).

- Every error is that of the **last epoch** on the 10,000 test images, never of the best one. Figures are means ± standard
  deviations over seeds (n − 1), without ± where there is one seed. The part on CIFAR-10 has 1,000 test images.
- One test image is 0.01 %. Even a network whose true error is 0.9 % varies by ± 0.09 % with the choice of 10,000 test images;
  networks here share those images, so their differences vary less.
- The seed fixes initial weights and the order of images: networks of one type and size with the same seed start from the same weights and
  see the same batches with every method.
- The recipe of each network was chosen on 10,000 held-out training images and written to \`results/recipes.json\`, without which
  the command makes no run of that network on the test images; a unit test checks this order by the times in the files. Recipes that were
  chosen later were chosen after other networks’ test errors were known ([below](#how-the-recipes-were-chosen)).`;

const differences = `## What differs from the paper, and why

Only the abstract was used, and it states no recipe. Outputs, loss, optimizer, batch size, initial weights and ε are taken from the
code that the author published for a later paper ([dfa-torch](https://github.com/anokland/dfa-torch)).

- **Epochs.** It trains for 300 epochs, with a default rate of 1e-4. Here it is 50 (ReLU, tanh, maxout) or 60
  (logistic), at a higher rate that falls to a twentieth, because two processor cores were available.
- **Width.** It has two layers of 800 units. Most networks here have 400, at a quarter of the arithmetic for the hidden layer; the logistic ones of
  the first table and the attempt at 0.78 % have 800.
- **Dropout.** Its dropout stays active in the pass that finds the gradient of the input. Here that pass has none: ABP + dropout
  perturbs along the gradient of the whole network.
- **Validation.** The recipes are chosen with 50,000 training images; the runs of the tables train on all 60,000. It is not known how the author
  chose his.
- **Clipping.** None in training, as in the paper. Attacks are shown both ways, in separate tables.

Where time was saved:

- A trial has 16 epochs and one seed (5 epochs in the comparison of brief runs), two recipes each. Its learning rate falls as far as in the
  whole run. A short trial prefers what learns fast, and dropout learns slowly: its rows are less well tuned than their budget says.
  A first selection with trials of 8 epochs was stopped for that reason: nothing had converged by then. No test image had been read.
- Maxout has no trials: it uses the rates of ReLU.
- The logistic networks of the first table were tried with 400 units and run with 800.
- tanh, maxout, all methods but plain and ABP, and the attempt at 0.78 % have one seed. A difference of less than about 0.1 % from another row,
  or from the paper's figure, means nothing there.
- PGD training and clean + adversarial have 10 epochs, and are compared with plain and ABP of 10 epochs.
- ε = 0.08, the dropout rates and the optimizer were never varied.`;

const repeating = `## Repeat it

\`\`\`sh
npm run reproduce -- --list                          # the runs, and which are finished
npm run reproduce -- --verify relu-adversarial-seed1 # repeats a run and compares everything except the times
npm run reproduce -- --quick                         # briefly trained networks, in about ten minutes
npm run reproduce -- --verify cifar10-plain-seed1 --cifar cifar-10-binary.tar.gz
\`\`\`

The same seed gives the same file, except for the times, on the same engine. A machine without relaxed SIMD rounds differently, and its
errors differ like those of another seed. To make all runs again, move \`results/\` away and run
\`npm run reproduce -- --choose\`, then \`npm run reproduce\`; [command-line.md](command-line.md#the-papers-results-again) says more.`;

function progressText(summary: Summary): string {
  const done = summary.rows.reduce((sum, { seeds }) => sum + seeds.length, 0);
  const missing = summary.rows.reduce((sum, { missingSeeds }) => sum + missingSeeds.length, 0);
  return missing === 0
    ? `All ${done} runs of the plans are finished.`
    : `${done} of ${done + missing} runs of the plans are finished; the others are marked “not run yet”.`;
}

function checksText(summary: Summary): string {
  const checks = [...checksOf(summary), ...studyChecksOf(summary)];
  const missed = checks.filter(({ outcome }) => outcome === 'missed');
  const conclusion =
    missed.length === 0
      ? 'No finished claim was missed.'
      : `Missed: ${missed.map(({ claim, found }) => `${claim} (${found})`).join('; ')}.`;
  return [
    '## What it shows',
    progressText(summary),
    table(
      ['Claim', 'Outcome', 'Found'],
      checks.map(({ claim, outcome, found }) => [claim, outcome, found]),
      3,
    ),
    `${conclusion} “Not decided” means that the interval over the seeds contains both a gain and none. A miss is reported, and nothing is tuned on the test set to repair it. Plain has bounds too, because a weak baseline would prove nothing.`,
  ].join('\n\n');
}

function pairsTable(summary: Summary, network: string): string {
  const show = (rate: number | null) => (rate === null ? notYet : percent(rate));
  return table(
    ['Seed', 'Plain', 'ABP', 'Difference'],
    pairs(summary, `${network}-plain`, `${network}-adversarial`).map(({ seed, first, second }) => [
      String(seed),
      show(first),
      show(second),
      first === null || second === null ? '' : `${signedPoints(second - first)} points`,
    ]),
    0,
  );
}

function errorsText(findings: Findings): string {
  const { rows } = findings.summary;
  const isShort = ({ entry }: SummaryRow) => entry.endsWith('-short');
  const isPapers = ({ entry }: SummaryRow) =>
    /^(relu|logistic)-(plain|adversarial)(-wide)?$/.test(entry);
  return [
    '## Test error without attack',
    'The paper’s comparison:',
    cleanTable(rows.filter(isPapers), true),
    'Other units, and the methods that ABP is compared with (ε = 0.08; dropout 0.1 of the pixels and 0.5 of the units; random signs: x + ε · r with r = ± 1 at random). Note the widths: dropout could choose wider layers, and maxout has narrower layers with twice the weights per unit.',
    cleanTable(
      rows.filter((row) => !isPapers(row) && !isShort(row)),
      false,
    ),
    maxoutText(findings),
    'Ten epochs, for methods that cost more (PGD training: 7 steps of 0.02; clean + adversarial: half of each loss):',
    cleanTable(rows.filter(isShort), false),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** How maxout's error developed with ABP, which the row of its last epoch does not show. */
function maxoutText({ results }: Findings): string {
  const curve = results.get('maxout-adversarial-seed1')?.curve;
  const [tenth, last] = [curve?.find(({ epoch }) => epoch === 10), curve?.at(-1)];
  if (tenth === undefined || last === undefined || last.errorRate <= tenth.errorRate) return '';
  const loss = (value: number) => value.toPrecision(2);
  return `Maxout got worse with ABP: its test error was ${percent(tenth.errorRate)} after 10 epochs and ${percent(last.errorRate)} after the last, while the loss on what it trained on fell from ${loss(tenth.trainLoss)} to ${loss(last.trainLoss)}. Networks that are trained on single steps can learn to read the label from the perturbation ([Kurakin et al. 2016](https://arxiv.org/abs/1611.01236) call it label leaking); whether that happened here was not tested. It is one seed, at a rate that was tried for ReLU only.`;
}

function attacksText({ plan: { attacks }, summary: { rows } }: Findings): string {
  return [
    '## Test error under attack',
    'Attacked along the network’s own gradient, x + ε · sign(∂J/∂x), **not clipped**, as in the paper:',
    attackTable(rows, attacks, false),
    '**Clipped** to [0, 1], as the page shows attacks. PGD-40 takes 40 steps of 0.005 from a random start; where it finds many more errors than FGSM, the resistance to FGSM is not real.',
    attackTable(rows, attacks, true),
  ].join('\n\n');
}

/** Whether the best recipes may be outside of the range that was tried. */
function edgeText({ choices }: Recipes): string {
  const rated = choices.filter(
    ({ trials }) => new Set(trials.map(({ learningRate }) => learningRate)).size > 1,
  );
  const atEdge = rated.filter(
    ({ learningRate, trials }) =>
      learningRate === Math.max(...trials.map((trial) => trial.learningRate)),
  );
  return `The largest tried rate was chosen in ${atEdge.length} of the ${rated.length} cases with several rates; there, a still larger one may be better, for plain as for the other methods.`;
}

function recipesText({ summary, recipes }: Findings): string {
  const heading = '## How the recipes were chosen';
  if (!recipes) return `${heading}\n\nNot chosen yet.`;
  return [
    heading,
    `Two recipes for each method, with the same number of epochs for all methods of a comparison (\`tools/reproduce/plans/plan.ts\`). ${recipes.rule} Dropout spends its second trial on wider layers. The learning rate falls by the factor “decay” after each epoch; RMSprop, batches of 64.`,
    recipeTable(summary, recipes),
    edgeText(recipes),
  ].join('\n\n');
}

function machineText(all: AllFindings): string {
  const results = Object.values(all).flatMap(({ results: some }) => [...some.values()]);
  const engines = [...new Set(results.map(({ engine }) => engine))];
  const seconds = results.reduce((sum, { times }) => sum + times.cpuSeconds, 0);
  if (engines.length === 0) return '';
  return `The runs of the tables took ${(seconds / 3600).toFixed(1)} hours of a core in all, evaluations included (${engines.join('; ')}).`;
}

/** Writes docs/reproduction.md. */
export function writeDocument(all: AllFindings): Promise<string> {
  const { mnist: findings } = all;
  const { summary } = findings;
  const sections = [
    introduction,
    checksText(summaryOf(all)),
    errorsText(findings),
    '### Seed by seed',
    'ReLU:',
    pairsTable(summary, 'relu'),
    'Logistic:',
    pairsTable(summary, 'logistic'),
    attacksText(findings),
    recipesText(findings),
    differences,
    permutedText(all.permuted),
    cifarText(all.cifar),
    repeating,
    machineText(all),
  ];
  const text = sections.filter((section) => section !== '').join('\n\n');
  return formatText('reproduction.md', text, { printWidth: 120, proseWrap: 'always' });
}

/** The contents of the files that are made from the results: results/summary.json and docs/reproduction.md. */
export async function publishedFiles(
  findings: AllFindings,
): Promise<{ summary: string; document: string }> {
  return {
    summary: await formatJson(summaryOf(findings)),
    document: await writeDocument(findings),
  };
}

/** The table of the quick version, for a terminal. */
export function quickTable({ plan, summary }: Findings): Promise<string> {
  const { rows } = summary;
  const text = [
    cleanTable(rows, false),
    'Test error under attack, not clipped:',
    attackTable(rows, plan.attacks, false),
  ].join('\n\n');
  return formatText('table.md', text);
}
