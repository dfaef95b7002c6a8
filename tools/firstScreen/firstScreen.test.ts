import { createReproducibleBackend, loadNetwork } from '../pretrain/measure.ts'; // first, as it says there
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  pretrainedFolder,
  pretrainedIds,
  pretrainedIndexSchema,
} from '../../src/domain/pretrained.ts';
import { methodFacts } from '../../src/domain/settings/methods.ts';
import { attackImages, classifyImages } from '../../src/engine/evaluate.ts';
import {
  attackedDigitFile,
  findPrepared,
  firstScreen,
  padDigit,
} from '../../src/experiment/drawing/firstScreen.ts';
import { findPrediction } from '../../src/experiment/drawing/prediction.ts';
import { makeAttack } from '../../src/experiment/runs/measurements.ts';
import { type HeadlineNetwork, writeHeadline } from '../../src/features/lab/hero/headline.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { readDataDirectory } from '../train/dataDirectory.ts';
import { makeFirstScreen } from './makeFirstScreen.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'public', pretrainedFolder);
const isFull = process.env.TEST_FULL === '1';
/** The slider’s values of ε, and the test digits that are tried. */
const sliderEpsilons = Array.from({ length: 51 }, (_, at) => at / 100);
const epsilons = isFull ? sliderEpsilons : [0, 0.02, 0.1, 0.25, 0.5];
const digitCount = isFull ? 200 : 20;

describe('the first screen', async () => {
  const { test } = await readDataDirectory(mnistSourceFolder());
  const backend = await createReproducibleBackend(1);
  const index = pretrainedIndexSchema.parse(
    JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8')),
  );
  const networks = await Promise.all(
    index.networks.map(async ({ file }) =>
      loadNetwork(backend, new Uint8Array(await readFile(path.join(folder, file)))),
    ),
  );
  afterAll(() => backend.dispose());

  it('is what the engine computes now', { timeout: 120_000 }, async () => {
    // Exactly, because the engine rounds the same way on every machine.
    const { screen, attacked } = await makeFirstScreen(backend, test);
    expect(screen).toEqual(firstScreen);
    expect(attacked).toHaveLength(10);
    for (const [digit, bytes] of attacked.entries()) {
      const file = path.join(folder, '..', attackedDigitFile(digit));
      expect(new Uint8Array(await readFile(file)), file).toEqual(bytes);
    }
  });

  it('begins with a story: some of the networks are fooled, and not all', () => {
    const [first] = firstScreen.networks.map(({ digits }) => digits[padDigit]!);
    expect(first!.before.digit).toBe(4);
    const at = findPrepared(firstScreen.attackEpsilon);
    expect(firstScreen.preparedEpsilons[at]).toBe(firstScreen.attackEpsilon);
    const fooled = firstScreen.networks.filter(
      ({ digits }) => digits[padDigit]!.after[at]!.digit !== 4,
    );
    expect(fooled.map(({ id }) => id)).toEqual(['plain', 'dropout']);
    expect(firstScreen.networks.map(({ id }) => id)).toEqual(pretrainedIds);
  });

  it(
    `says of ${digitCount} test digits at ${epsilons.length} values of ε what the networks predict`,
    { timeout: 1_800_000 },
    async () => {
      const labels = test.labels.slice(0, digitCount);
      const pixels = Float32Array.from(
        test.pixels.subarray(0, 784 * digitCount),
        (byte) => byte / 255,
      );
      const kinds = new Set<string>();
      /** [network][digit] */
      const before: number[][] = [];
      for (const network of networks) {
        const clean = await classifyImages(backend, network, pixels, 784, null);
        before.push(Array.from(labels, (_, at) => findPrediction(clean, at, digitCount).digit));
      }
      for (const epsilon of epsilons) {
        const after: number[][] = [];
        for (const [which, network] of networks.entries()) {
          const own = Uint8Array.from(before[which]!);
          const attack = makeAttack('margin-pgd', epsilon);
          const made = await attackImages(backend, network, pixels, own, attack, null);
          after.push(
            Array.from(
              labels,
              (_, at) => findPrediction(made.adversarialProbabilities, at, digitCount).digit,
            ),
          );
        }
        labels.forEach((label, at) => {
          const read = pretrainedIds.map((id, which): HeadlineNetwork => {
            const { shortName } = methodFacts[id];
            return {
              name: shortName === 'ABP' ? shortName : shortName.toLowerCase(),
              before: before[which]![at]!,
              after: after[which]![at]!,
              smallestEpsilon: null,
            };
          });
          for (const isFirst of [false, true]) {
            const sentence = writeHeadline({
              pad: 'test digit',
              availability: 'ready',
              isFirst,
              label,
              epsilon,
              networks: read,
            });
            kinds.add(checkSentence(sentence, read, label, epsilon));
          }
        });
      }
      // The digits and ε are many enough for most kinds of sentences.
      expect([...kinds].sort()).toEqual(
        expect.arrayContaining([
          'all fooled',
          'first',
          'none fooled',
          'not attacked',
          'some fooled',
        ]),
      );
    },
  );
});

/**
 * Checks a headline against the predictions, by reading it like a user.
 *
 * @returns the kind of the sentence
 */
function checkSentence(
  sentence: string,
  networks: readonly HeadlineNetwork[],
  label: number,
  epsilon: number,
): string {
  const about = JSON.stringify({ sentence, networks, label, epsilon });
  const wrong = networks.filter(({ before }) => before !== label);
  const right = networks.filter(({ before }) => before === label);
  const held = right.filter(({ after }) => after === label);
  if (wrong.length > 0) {
    if (wrong.length === networks.length) {
      expect(sentence, about).toBe(`All three networks misread this ${label} without any nudge.`);
      return 'misread';
    }
    const [first, ...others] = sentence.split('. ');
    expect(first, about).toMatch(new RegExp(`misreads? this ${label} without any nudge`));
    for (const { name } of networks) {
      expect(first!.toLowerCase().includes(name.toLowerCase()), about).toBe(
        wrong.some((network) => network.name === name),
      );
    }
    if (epsilon > 0) checkReadings(others.join('. '), right, about);
    return 'misread';
  }
  if (epsilon === 0) {
    expect(sentence, about).toBe(
      `All three networks read this ${label}. Drag ε to nudge its pixels.`,
    );
    return 'not attacked';
  }
  const at = `ε = ${epsilon.toFixed(2)}`;
  if (held.length === networks.length) {
    const digit = `${label === 8 ? 'an' : 'a'} ${label}`;
    expect(sentence, about).toBe(`Not enough: at ${at}, all three still read ${digit}.`);
    return 'none fooled';
  }
  if (held.length === 0) {
    expect(sentence, about).toBe(`At ${at}, all three are fooled. No network is unbreakable.`);
    return 'all fooled';
  }
  if (sentence.startsWith('All three')) {
    const fooled = right.filter(({ after }) => after !== label);
    const digits = new Set(fooled.map(({ after }) => after));
    const count = fooled.length === 1 ? 'one reads' : 'two read';
    const found =
      /^All three networks read this (\d)\. Nudge its pixels, and (\w+ reads?) (.*)\.$/.exec(
        sentence,
      );
    const answer =
      digits.size === 1 ? new RegExp(`^an? ${[...digits].join('')}$`) : /^something else$/;
    expect([found?.[1], found?.[2]], about).toEqual([String(label), count]);
    expect(found?.[3], about).toMatch(answer);
    return 'first';
  }
  checkReadings(sentence, right, about);
  return 'some fooled';
}

/** Checks that each network is named once, with its prediction under attack. */
function checkReadings(text: string, networks: readonly HeadlineNetwork[], about: string): void {
  const found = new Map<string, number>();
  for (const clause of text.replace(/^At ε = [\d.]+, /, '').split(/\. |\.$/)) {
    let names: string[] = [];
    // "Plain and dropout read a 9" and "plain reads a 9 and dropout an 8": a digit belongs to the names before it.
    for (const [word] of clause.matchAll(/plain|dropout|ABP|\d/gi)) {
      if (!/\d/.test(word)) names.push(word.toLowerCase());
      else {
        for (const name of names) found.set(name, Number(word));
        names = [];
      }
    }
    expect(names, about).toEqual([]);
  }
  const expected = networks.map(({ name, after }) => [name.toLowerCase(), after] as const);
  expect(new Map(found), about).toEqual(new Map(expected));
  expect(text, about).not.toMatch(/\ba 8\b|\ban [0-79]\b/);
}
