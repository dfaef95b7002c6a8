import {
  methodUses,
  piecesPerUnit,
  type RunConfig,
  type TrainingMethod,
} from '../../../domain/settings/config.ts';
import { ownTestCount } from '../../../domain/dataSet.ts';

/** The input of a listing: a run, and the attack that the page measures with. */
export interface ListedRun {
  readonly config: RunConfig;
  /** Largest change of a pixel by the test attack; the page clips attacked pixels to 0–1. */
  readonly attackEpsilon: number;
  /** Whether the user's own images were transposed on reading; undefined when the files were not read yet. */
  readonly isTransposed?: boolean | undefined;
}

const methodNames: Readonly<Record<TrainingMethod, string>> = {
  plain: 'back-propagation',
  dropout: 'dropout',
  adversarial: 'adversarial back-propagation (Nøkland, arXiv 1510.04189)',
  'adversarial-dropout': 'adversarial back-propagation with dropout',
  noise: 'random signs, the control for the adversarial methods',
  pgd: 'training on PGD (Madry et al., arXiv 1706.06083)',
  mixed: 'clean and adversarial loss (Goodfellow et al., arXiv 1412.6572)',
};

/** Lines of text for the top of the listing that say what it trains. */
export function describeRun({ config }: ListedRun): string[] {
  const { networkType, hiddenLayers, loss, method, dataSet } = config;
  const pieces = networkType === 'maxout' ? ` of ${piecesPerUnit(config)} pieces` : '';
  const type = networkType === 'relu' ? 'rectified linear' : networkType;
  const units = hiddenLayers.length === 0 ? 'no hidden layer' : `${type} units${pieces}`;
  const outputs =
    loss === 'bce'
      ? 'sigmoid outputs with binary cross-entropy'
      : 'softmax outputs with cross-entropy';
  const shape = [784, ...hiddenLayers, 10].join('-');
  const images = dataSet === null ? 'MNIST' : 'Images of your own, in files named as MNIST’s are,';
  return [`${images} by ${methodNames[method]}:`, `${shape}, ${units}, ${outputs}.`];
}

/** The note of a listing for files that the page has not read yet. */
export const transposeNote =
  'Files that hold rows as columns, as EMNIST’s do, must be transposed here.';

/** The number of test images on which the page measures; null for all of them. */
export function testLimitOf({ dataSet }: RunConfig): number | null {
  return dataSet?.testCount === ownTestCount.max ? ownTestCount.max : null;
}

/** Which parts of a listing the method needs. */
export function needsOf({ method }: RunConfig) {
  const { dropout, pgd, cleanLoss } = methodUses(method);
  return {
    /** x + ε · sign(∂J/∂x) */
    fgsm: ['adversarial', 'adversarial-dropout', 'mixed'].includes(method),
    noise: method === 'noise',
    dropout,
    pgd,
    mixed: cleanLoss,
  };
}

/** Joins blocks of lines with `emptyLines` empty lines between them; empty blocks are left out. */
export function joinBlocks(blocks: readonly (readonly string[])[], emptyLines: number): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n'.repeat(emptyLines + 1))}\n`;
}

export function when(condition: boolean, ...lines: readonly string[]): readonly string[] {
  return condition ? lines : [];
}
