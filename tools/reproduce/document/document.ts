import {
  claimRule,
  type Recipes,
  type Summary,
  type SummaryRow,
} from '../../../src/domain/reproduction.ts';
import { splitFound } from '../../../src/features/paper/claims/claimTexts.ts';
import { formatText } from '../../formatText.ts';
import { answersOf } from './answers.ts';
import { claimsOf, networks } from './claims.ts';
import { discordantText, entriesOf, type Network, pairs } from './pairs.ts';
import { cifarSampleText, cifarText } from './cifarSection.ts';
import { percent, signedPoints } from './numbers.ts';
import { maxoutText, supersededText } from './earlierRuns.ts';
import { permutedText } from './permutedSection.ts';
import { formatJson } from '../store.ts';
import { common } from '../plans/plan.ts';
import { allRows, type AllFindings, type Findings, studyNames } from '../plans/studies.ts';
import {
  attackTable,
  certificateTable,
  cleanTable,
  leakingTable,
  notYet,
  recipeTable,
  robustnessTable,
  table,
} from './tables.ts';
import { differencesText, introduction, reading, repeating } from './texts.ts';

function progressText(rows: readonly SummaryRow[]): string {
  const done = rows.reduce((sum, { seeds }) => sum + seeds.length, 0);
  const missing = rows.reduce((sum, { missingSeeds }) => sum + missingSeeds.length, 0);
  return missing === 0
    ? `All ${done} runs of the plans are finished.`
    : `${done} of ${done + missing} runs of the plans are finished; the others are marked “not run yet”.`;
}

function claimsText(all: AllFindings): string {
  const claims = claimsOf(all);
  return [
    '## What it shows',
    answersOf(all)
      .map(({ lead, text }) => `- **${lead}** ${text}`)
      .join('\n'),
    progressText(allRows(all)),
    table(
      ['', 'Claim', 'Outcome', 'Found'],
      claims.map(({ claim, outcome, found }, i) => [
        String(i + 1),
        claim,
        outcome,
        splitFound(found).figure,
      ]),
      4,
    ),
    'More of what was found, by number:',
    claims
      .flatMap(({ found }, i) => {
        const { rest } = splitFound(found);
        return rest === '' ? [] : [`- **${i + 1}.** ${rest}`];
      })
      .join('\n'),
    `${claimRule} Intervals are Student’s t, of differences paired by seed: they describe how results vary between seeds on these test images. Each fails to cover the true value about one time in twenty, there is no correction for the number of rows, and one from three seeds may be far too narrow or too wide by chance. An interval over seeds and test images adds the variance over images. McNemar’s exact test compares the two networks of one seed on the same images.`,
    'Learning rates were never chosen on test images, but layers of 800 and 1600 units were added to come closer to the paper’s figure, those of 1600 after 2 × 400 and 2 × 800 had missed it. 2 × 1600 for 60 epochs was added after 24 epochs had missed it, too, without trials: its learning rate is that of 2 × 800, whose test error was known. So rows for the same figure are not independent attempts.',
  ].join('\n\n');
}

function pairsText(findings: Findings, network: Network): string {
  const { results } = findings;
  const show = (rate: number | null) => (rate === null ? notYet : percent(rate));
  const entries = entriesOf(network);
  const lines = pairs(findings, entries).map(({ seed, first, second }) => {
    const [a, b] = entries.map((entry) => results.get(`${entry}-seed${seed}`));
    return [
      String(seed),
      show(first),
      show(second),
      first === null || second === null ? '' : `${signedPoints(second - first)} points`,
      a && b ? (discordantText(a, b) ?? 'not kept') : '',
    ];
  });
  const titles = ['Seed', 'Plain', 'ABP', 'Difference', 'Only plain / only ABP is wrong'];
  return `${network.name}:\n\n${table(titles, lines, 0)}`;
}

/** Seed by seed, for every network with a run of both methods. */
function allPairsText(findings: Findings): string {
  const paired = Object.values(networks).filter((network) =>
    pairs(findings, entriesOf(network)).some(
      ({ first, second }) => first !== null && second !== null,
    ),
  );
  return [
    '### Seed by seed',
    'The last column counts test images, with the p of McNemar’s exact test. Older runs did not keep which images were wrong.',
    ...paired.map((network) => pairsText(findings, network)),
  ].join('\n\n');
}

function errorsText(all: AllFindings): string {
  const { rows } = all.mnist.summary;
  const isShort = ({ entry }: SummaryRow) => entry.endsWith('-short');
  const isPapers = ({ entry }: SummaryRow) =>
    /^(relu|relu1600|relu1600-long|relu400|logistic)-(plain|adversarial)$/.test(entry);
  return [
    '## Test error without attack',
    'The paper’s comparison:',
    cleanTable(rows.filter(isPapers), true),
    `Other units, and the methods that ABP is compared with (ε = ${common.trainingEpsilon}; dropout ${common.inputDropoutRate} of the pixels and ${common.hiddenDropoutRate} of the units; random signs: x + ε · r with r = ± 1 at random, the control, whose gain needs no gradient). Note the widths: dropout could choose wider layers, and maxout has narrower layers with twice the weights per unit.`,
    cleanTable(
      rows.filter((row) => !isPapers(row) && !isShort(row)),
      false,
    ),
    maxoutText(all),
    `Ten epochs, for methods that cost more (PGD training: ${common.pgdSteps} steps of ${common.pgdStepSize}; clean + adversarial: half of each loss):`,
    cleanTable(rows.filter(isShort), false),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function attacksText({ plan: { attacks }, summary: { rows } }: Findings): string {
  const strong = [true, false].map((clip) => robustnessTable(rows, clip));
  const certificates = certificateTable(rows);
  const leaking = leakingTable(rows);
  return [
    '## Test error under attack',
    'One step along the network’s own gradient, x + ε · sign(∂J/∂x), **not clipped**, as in the author’s code, on all test images:',
    attackTable(rows, attacks, false),
    '**Clipped** to [0, 1], as the page shows attacks. PGD-40 takes 40 steps of 0.005 from a random start; where it finds many more errors than FGSM, FGSM overstates the resistance.',
    attackTable(rows, attacks, true),
    ...(strong[0]
      ? [
          'Stronger attacks on the first 1,000 test images, **clipped**, for seed 1. PGD-20 ascends the training loss, margin PGD-20 the margin loss with falling steps; the strongest is everything together: these, 100 steps from 5 starts, 50 steps towards each class, and Square with 1,500 queries; on networks with layers of more than 400 units at ε 0.1, clipped, only. Even this is only a lower bound on the worst-case error.',
          strong[0],
        ]
      : []),
    ...(strong[1] ? ['The same, **not clipped**:', strong[1]] : []),
    ...(certificates
      ? [
          'Share of the same images that are **proven** to be safe: no change within ε, clipped, makes the network predict another digit (CROWN; layers of at most 400 units).',
          certificates,
        ]
      : []),
    ...(leaking
      ? [
          'Errors on the first 10,000 training images, as they are and under FGSM at the ε of training. A network that errs more on the images than on its own perturbed ones reads the label from the perturbation ([Kurakin et al. 2016](https://arxiv.org/abs/1611.01236) call it label leaking).',
          leaking,
        ]
      : []),
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
    `Within a comparison every method gets the same number of trials and of trial epochs (\`tools/reproduce/plans/plan.ts\`). ${recipes.rule} With 400 units and 50 epochs, dropout spends its second trial on wider layers. The learning rate falls by the factor “decay” after each epoch; RMSprop and batches of 64, if a recipe does not say otherwise.`,
    recipeTable(summary, recipes),
    edgeText(recipes),
  ].join('\n\n');
}

function machineText(all: AllFindings): string {
  const results = studyNames.flatMap((name) => [...all[name].results.values()]);
  const engines = [...new Set(results.map(({ engine }) => engine))];
  const seconds = results.reduce((sum, { times }) => sum + times.cpuSeconds, 0);
  if (engines.length === 0) return '';
  return `The runs of the tables took ${(seconds / 3600).toFixed(1)} CPU hours in all, evaluations included (${engines.join('; ')}).`;
}

/** Writes docs/reproduction.md. */
export function writeDocument(all: AllFindings): Promise<string> {
  const { mnist: findings } = all;
  const sections = [
    introduction,
    claimsText(all),
    reading,
    errorsText(all),
    allPairsText(findings),
    attacksText(findings),
    recipesText(findings),
    supersededText(all),
    differencesText(all),
    permutedText(all.permuted),
    cifarText(all.cifar),
    cifarSampleText(all.cifarSample),
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
    summary: await formatJson({
      version: 1,
      answers: answersOf(findings),
      claims: claimsOf(findings),
      rows: allRows(findings),
    } satisfies Summary),
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
