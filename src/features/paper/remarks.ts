import { anotherReproduction, laterCode, paper } from '../../domain/published.ts';
import { describeEpochs, describeLayers } from '../../domain/settings/settings.ts';
import type { Measure } from './measures.ts';

/** What to keep in mind with the numbers, and what is known of the paper. */

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
