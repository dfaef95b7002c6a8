import { anotherReproduction, laterCode, paper } from '../../domain/published.ts';
import { methodFacts } from '../../domain/settings/methods.ts';
import { describeEpochs, describeLayers } from '../../domain/settings/settings.ts';
import { minSeeds } from '../../domain/statistics.ts';
import { cleanMeasure, formatSpread, type Measure } from './measures.ts';
import type { PaperGroup, PaperRow } from './paperRows.ts';

/** What the numbers show beyond the claims of the abstract (results/summary.json), and what is known of the paper. */

type Finished = PaperRow & { readonly reproduced: NonNullable<PaperRow['reproduced']> };

/**
 * A sentence for each comparison in which ABP has the larger test error with every seed. The claims are about networks
 * like the paper's; small ones that are trained briefly are not among them. Permuted pixels are left out, because
 * they change nothing.
 *
 * @param groups of the test error without attack
 */
export function describeReversals(groups: readonly PaperGroup[]): string[] {
  return groups.flatMap(({ title, rows }) => {
    const finished = rows.filter(
      (row): row is Finished => row.reproduced !== null && !row.isPermuted,
    );
    const adversarial = finished.find(({ method }) => method === 'adversarial');
    const plain = finished.find(
      ({ method, name, size }) =>
        method === 'plain' && name === methodFacts.plain.shortName && size === adversarial?.size,
    );
    if (adversarial === undefined || plain === undefined) return [];
    const losses = compareSeeds(adversarial.reproduced, plain.reproduced);
    if (losses.length < minSeeds || losses.some((loss) => loss <= 0)) return [];
    const [more, less] = [adversarial, plain].map(({ reproduced }) =>
      formatSpread(reproduced.spread, cleanMeasure),
    );
    return [
      `But with ${title}, ABP makes more errors than plain with each of ${losses.length} seeds, ${more} against ${less} (mean ± standard deviation).`,
    ];
  });
}

/** The first error minus the second, for each seed that both have. */
function compareSeeds(first: Finished['reproduced'], second: Finished['reproduced']): number[] {
  return first.values.flatMap((value, index) => {
    const other = second.values[second.seeds.indexOf(first.seeds[index]!)];
    return other === undefined ? [] : [value - other];
  });
}

/** What to keep in mind with the errors under an attack. */
export function warnOf({ attack }: Measure): string[] {
  if (attack === null) return [];
  return [
    'The abstract says that resistance rises but gives no number, so the paper has no mark here.',
    attack.kind === 'pgd'
      ? 'A low error under this attack proves nothing about stronger ones.'
      : 'One step is a weak attack: compare under PGD before you call a low error resistance.',
  ];
}

/** What is known of the paper's own training. Only its abstract was read. */
export const knownOfPaper: readonly string[] = [
  `This project has not read the full text of the paper, only its abstract (${paper.name}). It gives no recipe. The sentence about CIFAR-10 came with its second version, in 2016.`,
  `Another reproduction, by a reader of the full text (${anotherReproduction.name}), describes the network as ${describeLayers(anotherReproduction.hiddenLayers)} ReLU with about ${anotherReproduction.described}, so ${anotherReproduction.hiddenLayers[0]} is the likely width. That reproduction itself reports ${anotherReproduction.found}, with ${anotherReproduction.recipe}.`,
  `The author’s code for a later paper (${laterCode.name}) has layers of ${describeLayers(laterCode.hiddenLayers)}, trains for ${describeEpochs(laterCode.epochs)} and by default keeps the learning rate as it is. It logs the test error after every epoch, so which epoch the paper reports is not known.`,
  'docs/reproduction.md, in this project’s source, says what differs here.',
];
