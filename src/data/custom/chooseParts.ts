import { corruptFile } from './byteSource.ts';
import type { DataArray } from './dataArray.ts';
import { groupBy } from './groupBy.ts';
import { imageShapeOf } from './images.ts';
import { isLabels } from './labels.ts';
import { findPart, findSetName, type Part } from './paths.ts';

type Role = 'images' | 'labels';

interface Candidate {
  readonly array: DataArray;
  readonly role: Role;
  readonly part: Part | null;
  readonly setName: string;
}

export interface ArrayPair {
  readonly images: DataArray;
  readonly labels: DataArray;
}

export interface ArrayParts {
  readonly training: ArrayPair;
  readonly test: ArrayPair;
}

/** Why a file is left out that has the content of another. */
const copy = 'the same as others';

type LeaveOut = (path: string, why: string) => void;

const remedy =
  'Choose the images and labels to train on, and those to test on: four IDX files, or the same as arrays of NumPy.';

/** @param arrays images and labels in any order */
export function findCandidates(arrays: readonly DataArray[], leaveOut: LeaveOut): Candidate[] {
  return arrays.flatMap((array): Candidate[] => {
    const { name } = array;
    const role = isLabels(array)
      ? 'labels'
      : imageShapeOf(array) || array.shape.length > 2
        ? 'images'
        : null;
    if (role === null) {
      leaveOut(name, `an array of ${array.shape.join(' × ') || 'no size'}`);
      return [];
    }
    return [{ array, role, part: findPart(name), setName: findSetName(name) }];
  });
}

function isSame(a: DataArray, b: DataArray): boolean {
  if (a.shape.join() !== b.shape.join()) return false;
  const { values: other } = b;
  return a.values.every((value, i) => value === other[i]);
}

/** Drops all but the first of equal arrays. */
function dropCopies(candidates: readonly Candidate[], leaveOut: LeaveOut): Candidate[] {
  const kept: Candidate[] = [];
  for (const one of candidates) {
    const original = kept.find(
      ({ role, part, array }) => role === one.role && part === one.part && isSame(array, one.array),
    );
    if (original === undefined) kept.push(one);
    else leaveOut(one.array.name, copy);
  }
  return kept;
}

/** The pairs of a data set if each of its four files is there once. */
function completeOf(candidates: readonly Candidate[]): ArrayParts | null {
  const pairOf = (part: Part): ArrayPair | null => {
    const ofRole = (role: Role) =>
      candidates.filter((one) => one.part === part && one.role === role).map(({ array }) => array);
    const [images, labels] = [ofRole('images'), ofRole('labels')];
    return images.length === 1 && labels.length === 1
      ? { images: images[0]!, labels: labels[0]! }
      : null;
  };
  const [training, test] = [pairOf('training'), pairOf('test')];
  return training && test && { training, test };
}

/** By the numbers of images and labels, if names do not say which is which. */
function pairByCount(candidates: readonly Candidate[]): ArrayParts | null {
  const ofRole = (role: Role) =>
    candidates.filter((one) => one.role === role).map(({ array }) => array);
  const [images, labels] = [ofRole('images'), ofRole('labels')];
  if (images.length !== 2 || labels.length !== 2) return null;
  const [more, fewer] = images.toSorted((a, b) => b.shape[0]! - a.shape[0]!) as [
    DataArray,
    DataArray,
  ];
  if (more.shape[0] === fewer.shape[0]) {
    const expected =
      'names with “train” and “test”, because both parts have the same number of images';
    const found = candidates.map(({ array }) => array.name).join(', ');
    throw corruptFile('Your files', expected, found.slice(0, 300), remedy);
  }
  const pair = (one: DataArray): ArrayPair => ({
    images: one,
    labels: labels.find(({ shape }) => shape[0] === one.shape[0]) ?? labels[0]!,
  });
  return { training: pair(more), test: pair(fewer) };
}

function listParts(parts: ArrayParts): DataArray[] {
  return [parts.training, parts.test].flatMap(({ images, labels }) => [images, labels]);
}

/**
 * The four arrays of a data set among those that were found. Names say to which part and set one belongs, contents
 * whether it is images or labels, and which arrays are copies of others.
 *
 * @throws LabError 'data-corrupt' if arrays are missing or those of several sets were found
 */
export function chooseParts(arrays: readonly DataArray[], leaveOut: LeaveOut): ArrayParts {
  const found = findCandidates(arrays, leaveOut);
  const sets = groupBy(found, ({ setName }) => setName);
  const complete = [...sets.values()].flatMap((candidates) => {
    const copies: [string, string][] = [];
    const parts = completeOf(dropCopies(candidates, (...one) => void copies.push(one)));
    return parts ? [{ parts, copies, candidates }] : [];
  });
  const [first, ...others] = complete;
  if (first !== undefined) {
    const chosen = listParts(first.parts);
    for (const other of others) {
      if (listParts(other.parts).every((array, i) => isSame(array, chosen[i]!))) continue;
      const names = complete.map(({ parts }) => parts.training.images.name).join(' and ');
      const what = `several, with ${names}`;
      throw corruptFile(
        'Your files',
        'one data set',
        what.slice(0, 300),
        'Choose the files of one of them.',
      );
    }
    for (const one of first.copies) leaveOut(...one);
    for (const { array } of found) {
      if (chosen.includes(array) || first.copies.some(([name]) => name === array.name)) continue;
      leaveOut(array.name, describeExtra(array, chosen));
    }
    return first.parts;
  }
  const isUsed = ({ part }: Candidate) => part !== 'validation';
  for (const { array } of found.filter((one) => !isUsed(one)))
    leaveOut(array.name, 'for validation');
  const all = found.filter(isUsed);
  const copies: [string, string][] = [];
  const different = dropCopies(all, (...one) => void copies.push(one));
  const whole = completeOf(all) ?? pairByCount(all);
  const pool = whole ? all : different;
  const parts = whole ?? completeOf(pool) ?? pairByCount(pool);
  if (!whole) for (const one of copies) leaveOut(...one);
  if (parts === null) throw missing(pool);
  for (const { array } of pool) {
    if (!listParts(parts).includes(array)) leaveOut(array.name, 'not of this data set');
  }
  return parts;
}

function describeExtra(array: DataArray, chosen: readonly DataArray[]): string {
  if (findPart(array.name) === 'validation')
    return 'for validation; the last training images can be held out instead';
  const isCopy = chosen.some((one) => isSame(one, array));
  return isCopy ? copy : 'not of this data set';
}

function missing(pool: readonly Candidate[]): Error {
  const count = (role: Role) => pool.filter((one) => one.role === role).length;
  const names = pool.map(({ array }) => array.name).join(', ');
  const lacking = (['training', 'test'] as const).flatMap((part) =>
    (['images', 'labels'] as const).flatMap((role) =>
      pool.some((one) => one.part === part && one.role === role)
        ? []
        : `${role} to ${part === 'training' ? 'train' : 'test'} on`,
    ),
  );
  const lack = pool.length >= 4 ? '' : `; it lacks ${lacking.join(' and ')}`;
  const found = `${count('images')} of images and ${count('labels')} of labels (${names.slice(0, 200)})${lack}`;
  return corruptFile('Your files', 'two files of images and two of labels', found, remedy);
}
