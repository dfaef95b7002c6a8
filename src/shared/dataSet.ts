import './jitless.ts';
import { z } from 'zod';
import type { Standardization } from './standardization.ts';

/** Forms that images may have on the page, by the name that links and files use. */
export const imageShapes = {
  'grey-28': { rows: 28, columns: 28, channels: 1 },
  'color-32': { rows: 32, columns: 32, channels: 3 },
} as const;
export type ImageShapeName = keyof typeof imageShapes;

/** Training images that a person's own files may have; the largest sets of digits have some 240,000. */
export const ownTrainingCount = { min: 100, max: 300_000 } as const;
/** Test images that errors are measured on, the first ones of those that a set has; MNIST has the most. */
export const ownTestCount = { min: 100, max: 10_000 } as const;

/** A data set of a person's own files: enough to tell it from any other, and to know its numbers without it. */
export const ownDataSchema = z.strictObject({
  shape: z.enum(['grey-28', 'color-32']),
  trainingCount: z.int().min(ownTrainingCount.min).max(ownTrainingCount.max),
  /** Absent in links and files of the time when sets with fewer were refused. */
  testCount: z.int().min(ownTestCount.min).max(ownTestCount.max).default(ownTestCount.max),
  /** SHA-256, hexadecimal, of training pixels and labels, then of those that are tested on. */
  fingerprint: z.stringFormat('SHA-256', /^[0-9a-f]{64}$/),
});
export type OwnData = z.infer<typeof ownDataSchema>;

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

/** What holds for a data set; null stands for MNIST. */
export function factsOf(dataSet: OwnData | null): Omit<OwnData, 'fingerprint'> {
  return dataSet ?? mnist;
}

/**
 * Training images that are held out to validate on: of MNIST, and of any other set of 50,000 or more, the
 * last 10,000; of a smaller one the last fifth.
 */
export function heldOutCount(trainingCount: number): number {
  return Math.min(10_000, Math.floor(trainingCount / 5));
}

/** Images of a part of a data set that errors are measured on, when all of it is. */
export function evaluatedCount(dataSet: OwnData | null, split: 'test' | 'validation'): number {
  const { trainingCount, testCount } = factsOf(dataSet);
  return split === 'test' ? testCount : heldOutCount(trainingCount);
}

/** Inputs of a network: pixels of an image, all channels counted. */
export function inputCountOf(dataSet: OwnData | null): number {
  const { rows, columns, channels } = imageShapes[factsOf(dataSet).shape];
  return rows * columns * channels;
}

/** Classes of every data set on the page. */
export const classCount = 10;

/**
 * Mean and standard deviation of all pixels of CIFAR-10's 50,000 training images, all channels together,
 * on the scale 0 to 1. Constants, so that a part of the data is standardised as the whole.
 */
export const cifar10Standardization: Standardization = { mean: 0.4734, deviation: 0.2516 };

/** What a network does with pixels before its first layer: colour images are CIFAR-10's. */
export function standardizationOf(dataSet: OwnData | null): Standardization | null {
  return factsOf(dataSet).shape === 'color-32' ? cifar10Standardization : null;
}

const cifar10Classes = [
  ...['airplane', 'car', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
];

/** What a class is called: a digit, one of CIFAR-10's, or "class 3" where nothing else is known. */
export function nameClass(dataSet: OwnData | null, label: number): string {
  if (dataSet === null) return String(label);
  return dataSet.shape === 'color-32' ? cifar10Classes[label]! : `class ${label}`;
}

export function isSameData(a: OwnData | null, b: OwnData | null): boolean {
  return a?.fingerprint === b?.fingerprint;
}
