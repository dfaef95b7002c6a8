import './jitless.ts';
import { z } from 'zod/mini';
import type { Standardization } from './standardization.ts';

/** Shapes that images may have on the page, by the names that links and files use. */
export const imageShapes = {
  'grey-28': { rows: 28, columns: 28, channels: 1 },
  'color-32': { rows: 32, columns: 32, channels: 3 },
} as const;
export type ImageShapeName = keyof typeof imageShapes;

/** Number of training images in a user's own files; the largest data sets of digits have about 240,000. */
export const ownTrainingCount = { min: 100, max: 300_000 } as const;
/** Number of test images on which errors are measured, the first ones of a data set; MNIST has the largest number. */
export const ownTestCount = { min: 100, max: 10_000 } as const;
/** Number of classes in a user's own files. */
export const ownClassCount = { min: 2, max: 100 } as const;

/** Describes a data set from the user's own files: identifies it, and has its counts. */
export const customDataSchema = z.strictObject({
  shape: z.enum(['grey-28', 'color-32']),
  trainingCount: z.int().check(z.minimum(ownTrainingCount.min), z.maximum(ownTrainingCount.max)),
  /** Absent in links and files from when data sets with fewer test images were refused. */
  testCount: z._default(
    z.int().check(z.minimum(ownTestCount.min), z.maximum(ownTestCount.max)),
    ownTestCount.max,
  ),
  /** SHA-256, in hexadecimal, of the pixels and labels of the training images and then of the test images used. */
  fingerprint: z.stringFormat('SHA-256', /^[0-9a-f]{64}$/),
  /** Number of classes; absent for ten. */
  classes: z.exactOptional(
    z.int().check(z.minimum(ownClassCount.min), z.maximum(ownClassCount.max)),
  ),
  /** Names of the classes in order, if they are not numbered from 0. */
  classNames: z.exactOptional(
    z.readonly(
      z
        .array(z.stringFormat('name', /^[^\p{Cc}\p{Cf}\u2028\u2029]{1,50}$/u))
        .check(z.maxLength(ownClassCount.max)),
    ),
  ),
});
export type CustomData = z.infer<typeof customDataSchema>;

/** What a worker read from the user's files. */
export interface LoadedData {
  readonly dataSet: CustomData;
  readonly isTransposed: boolean;
  /** Sentences: which files were read, which were left out, and what was changed. */
  readonly notes: readonly string[];
}

declare const __SMALL_MNIST__: boolean | undefined;

/**
 * Whether this build contains only the first images of MNIST. Most end-to-end tests run on such a build
 * (`vite build --mode small-mnist`); the published site and the command line always have all of MNIST.
 */
export const isSmallMnist = typeof __SMALL_MNIST__ !== 'undefined' && __SMALL_MNIST__;

/** Images of MNIST's training and test set. */
export const mnistCounts = isSmallMnist
  ? { training: 4000, test: 1000 }
  : { training: 60_000, test: 10_000 };

const mnist = {
  shape: 'grey-28',
  trainingCount: mnistCounts.training,
  testCount: mnistCounts.test,
} as const;

/** Properties of a data set; null stands for MNIST. */
export function factsOf(dataSet: CustomData | null): Omit<CustomData, 'fingerprint'> {
  return dataSet ?? mnist;
}

/**
 * Number of training images that are held out for validation: the last 10,000 of MNIST and of any other data set of
 * 50,000 or more, the last fifth of a smaller one.
 */
export function heldOutCount(trainingCount: number): number {
  return Math.min(10_000, Math.floor(trainingCount / 5));
}

/** Number of images in a full evaluation on a part of a data set. */
export function evaluatedCount(dataSet: CustomData | null, split: 'test' | 'validation'): number {
  const { trainingCount, testCount } = factsOf(dataSet);
  return split === 'test' ? testCount : heldOutCount(trainingCount);
}

/** Number of inputs of a network: the pixels of an image in all channels. */
export function inputCountOf(dataSet: CustomData | null): number {
  const { rows, columns, channels } = imageShapes[factsOf(dataSet).shape];
  return rows * columns * channels;
}

/** Number of classes of MNIST and CIFAR-10. */
export const classCount = 10;

export function classCountOf(dataSet: CustomData | null): number {
  return dataSet?.classes ?? classCount;
}

/**
 * Mean and standard deviation of all pixels of CIFAR-10's 50,000 training images, all channels together,
 * on the [0, 1] scale. Constants, so that a part of the data is standardized like the whole.
 */
export const cifar10Standardization: Standardization = { mean: 0.4734, deviation: 0.2516 };

/** How a network standardizes pixels before its first layer; color images are CIFAR-10's. */
export function standardizationOf(dataSet: CustomData | null): Standardization | null {
  return factsOf(dataSet).shape === 'color-32' ? cifar10Standardization : null;
}

const cifar10Classes = [
  'airplane',
  'car',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** The name of a class: a digit, a name of CIFAR-10's, or "class 3" if nothing else is known. */
export function nameClass(dataSet: CustomData | null, label: number): string {
  if (dataSet === null) return String(label);
  const name = dataSet.classNames?.[label];
  if (name !== undefined) return name;
  return dataSet.shape === 'color-32' ? cifar10Classes[label]! : `class ${label}`;
}

/** In a sentence, as what a network reads: "a 3", "an 8", "class 3", or a name. */
export function nameAnswer(dataSet: CustomData | null, label: number): string {
  if (dataSet !== null) return nameClass(dataSet, label);
  return `${label === 8 ? 'an' : 'a'} ${label}`;
}

export type ImageWord = 'digit' | 'image';

/** The word for a data set's images; only MNIST's are digits. */
export function imageWord(dataSet: CustomData | null): ImageWord {
  return dataSet === null ? 'digit' : 'image';
}

/** The classes of a data set, 0 to n − 1. */
export function classesOf(dataSet: CustomData | null): readonly number[] {
  return Array.from({ length: classCountOf(dataSet) }, (_, label) => label);
}

export function isSameData(a: CustomData | null, b: CustomData | null): boolean {
  return a?.fingerprint === b?.fingerprint;
}
