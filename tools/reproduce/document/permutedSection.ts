import type { SummaryRow } from '../../../src/domain/reproduction.ts';
import { errorPoints, intervalText, percent, signedPoints } from './numbers.ts';
import { differenceOfMeans } from '../statistics.ts';
import type { Findings } from '../plans/studies.ts';
import { attackCell, cleanCell, layersOf, nameMethod, notYet, seedCount, table } from './tables.ts';

const text = `## Permuted pixels

This form of MNIST is called permutation-invariant: a fully connected network does not know which pixels are neighbors. A fixed
permutation of the pixels of all images, training and test, must therefore change the results only by chance. A test proves it for the engine: with the rows of the first layer’s
weights permuted like the pixels, the network and its training are the same (\`src/engine/permutation.test.ts\`). The runs below only illustrate it. Here the page’s default network and recipe
are trained on permuted pixels (\`--permute\`) and on pixels in order; nothing was tuned, and no trials were made. Each permuted run has a different order,
drawn from its own seed (100 + the run’s).

A run and the permuted run with the same seed are not a pair, because the same initial weights belong to other pixels. So two groups of runs are compared by
the difference of their means. With no true difference, its 95 % interval misses 0 once in twenty comparisons; its ends show how large a difference
the spread of the seeds could hide.`;

function rowOf(row: SummaryRow): string[] {
  const { entry, config } = row;
  if (config === null) return [entry, '', '', seedCount(row), notYet, notYet];
  return [
    config.permutationSeed === null ? 'in order' : 'permuted',
    `ReLU ${layersOf(config.hiddenLayers)}, ${nameMethod(config.method)}`,
    String(config.epochs),
    seedCount(row),
    cleanCell(row),
    attackCell(row, 0),
  ];
}

function differenceRow(rows: readonly SummaryRow[], method: 'adversarial' | 'plain'): string[] {
  const valuesOf = (order: string) =>
    rows.find(({ entry }) => entry === `${order}-${method}`)?.values ?? [];
  const difference = differenceOfMeans(valuesOf('ordered'), valuesOf('permuted'));
  if (difference === null) return [nameMethod(method), notYet, '', ''];
  const mean = signedPoints(difference.mean);
  return [nameMethod(method), mean, errorPoints(difference), intervalText(difference)];
}

export function permutedText({ plan, summary: { rows } }: Findings): string {
  const [attack] = plan.attacks;
  const conditions = `FGSM, ε ${attack!.epsilon}, clipped`;
  const values = rows
    .filter(({ values: some }) => some.length > 0)
    .map(({ entry, values: some }) => `${entry}: ${some.map((rate) => percent(rate)).join(', ')}`);
  return [
    text,
    table(['Pixels', 'Network', 'Epochs', 'Seeds', 'Test error', conditions], rows.map(rowOf)),
    'Permuted minus in order, in percentage points of the test error:',
    table(
      ['Method', 'Difference', 'Standard error', '95 % interval'],
      [differenceRow(rows, 'adversarial'), differenceRow(rows, 'plain')],
      1,
    ),
    ...(values.length > 0 ? [`Seed by seed: ${values.join('; ')}.`] : []),
  ].join('\n\n');
}
