import { piecesPerUnit, type RunConfig } from '../../../domain/settings/config.ts';
import { methodFacts } from '../../../domain/settings/methods.ts';
import { classCountOf, ownTestCount } from '../../../domain/dataSet.ts';

/** The input of a listing: a run, and the attack that the page measures with. */
export interface ListedRun {
  readonly config: RunConfig;
  /** Largest change of a pixel by the test attack; the page clips attacked pixels to 0–1. */
  readonly attackEpsilon: number;
  /** Whether the user's own images were transposed on reading; absent when the files were not read yet. */
  readonly isTransposed?: boolean | undefined;
}

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
  const shape = [784, ...hiddenLayers, classCountOf(dataSet)].join('-');
  const images = dataSet === null ? 'MNIST' : 'Your own images, in files named like MNIST’s,';
  return [`${images} by ${methodFacts[method].citedName}:`, `${shape}, ${units}, ${outputs}.`];
}

/** The note of a listing for files that the page has not read yet. */
export const transposeNote =
  'Files that store rows as columns, like EMNIST’s, must be transposed here.';

/**
 * The number of test images that the listing must use, so that it measures what the page does,
 * or null when it uses all of them.
 */
export function testLimitOf({ dataSet }: RunConfig): number | null {
  return dataSet?.testCount === ownTestCount.max ? ownTestCount.max : null;
}

/** The size of the one step of FGSM with a random start. */
export function randomStartStep({ trainingEpsilon }: RunConfig): number {
  return Number((1.25 * trainingEpsilon).toPrecision(12));
}

/** Joins blocks of lines with `emptyLines` empty lines between them; empty blocks are left out. */
export function joinBlocks(blocks: readonly (readonly string[])[], emptyLines: number): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n'.repeat(emptyLines + 1))}\n`;
}

/** The lines if the condition holds, otherwise none. */
export function when(condition: boolean, ...lines: readonly string[]): readonly string[] {
  return condition ? lines : [];
}
