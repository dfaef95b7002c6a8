import { describe, expect, it } from 'vitest';
import {
  grayLevels,
  type HeadlineNetwork,
  type HeadlineState,
  writeHeadline,
  writeRatio,
} from './headline.ts';

const names = ['plain', 'dropout', 'ABP', 'random signs'];

/** Networks by what they read before the attack, under it, and the gray levels that fool them. */
function makeNetworks(
  ...all: (readonly [before: number | null, after?: number | null, levels?: number])[]
): HeadlineNetwork[] {
  return all.map(([before, after = null, levels], index) => ({
    name: names[index]!,
    before,
    after,
    smallestEpsilon: levels === undefined ? null : levels / 255,
  }));
}

/** A test 4 at ε = 0.10, which plain and dropout take for a 9 under attack. */
const shown: HeadlineState = {
  pad: 'test digit',
  availability: 'ready',
  isFirst: false,
  label: 4,
  epsilon: 0.1,
  networks: makeNetworks([4, 9], [4, 9], [4, 4]),
};
const say = (changes: Partial<HeadlineState>): string => writeHeadline({ ...shown, ...changes });
const describeDrawing = (changes: Partial<HeadlineState>): string =>
  say({ pad: 'drawing', label: null, ...changes });

describe('the headline', () => {
  it.each([
    [0, 'Draw a digit.'],
    [1, 'Draw a digit. One network reads it while you draw.'],
    [2, 'Draw a digit. Two networks read it while you draw.'],
    [3, 'Draw a digit. Three networks read it while you draw.'],
    [4, 'Draw a digit. Four networks read it while you draw.'],
  ])('asks for a digit while the pad is empty, with %i networks', (count, sentence) => {
    const networks = Array.from({ length: count }, () => [null] as const);
    expect(describeDrawing({ pad: 'empty', networks: makeNetworks(...networks) })).toBe(sentence);
  });

  it('says what it waits for while a prediction is missing', () => {
    const networks = makeNetworks([4, 9], [null], [4, 4]);
    const one = makeNetworks([null]);
    expect(say({ networks, availability: 'loading' })).toBe('The networks are loading.');
    expect(say({ networks: one, availability: 'loading' })).toBe('The network is loading.');
    expect(say({ networks })).toBe('The networks are reading it.');
    expect(say({ networks: one })).toBe('The network is reading it.');
    expect(say({ networks, availability: 'unavailable' })).toBe('There is no network to read it.');
    expect(say({ networks: [], availability: 'loading' })).toBe('The networks are loading.');
  });

  it('needs no networks for the predictions that come with the page', () => {
    for (const availability of ['loading', 'unavailable'] as const) {
      expect(say({ availability })).toBe(say({}));
    }
  });

  it.each([
    [1, 'Plain reads this 4.'],
    [2, 'Both networks read this 4.'],
    [3, 'All three networks read this 4.'],
    [4, 'All four networks read this 4.'],
  ])('says that %i networks read the digit while it is not attacked', (count, sentence) => {
    const networks = makeNetworks(...Array.from({ length: count }, () => [4] as const));
    expect(say({ networks })).toBe(sentence);
    expect(say({ networks, epsilon: 0 })).toBe(`${sentence} Drag ε to nudge its pixels.`);
    const still = networks.map((network) => ({ ...network, after: 4 }));
    expect(say({ networks: still, epsilon: 0 })).toBe(`${sentence} Drag ε to nudge its pixels.`);
  });

  it('does not claim to know what a drawing is', () => {
    const networks = makeNetworks([8], [8], [8]);
    expect(describeDrawing({ networks })).toBe('All three networks read an 8.');
    expect(describeDrawing({ networks, epsilon: 0 })).toBe(
      'All three networks read an 8. Drag ε to nudge its pixels.',
    );
    expect(describeDrawing({ networks: makeNetworks([8]) })).toBe('Plain reads an 8.');
    expect(describeDrawing({ pad: 'test digit', networks: makeNetworks([8], [8]) })).toBe(
      'Both networks read an 8.',
    );
  });

  it.each([
    [1, 'Not enough: at ε = 0.02, plain still reads a 4.'],
    [2, 'Not enough: at ε = 0.02, both still read a 4.'],
    [3, 'Not enough: at ε = 0.02, all three still read a 4.'],
    [4, 'Not enough: at ε = 0.02, all four still read a 4.'],
  ])('says that the attack fools none of %i networks', (count, sentence) => {
    const networks = makeNetworks(...Array.from({ length: count }, () => [4, 4] as const));
    expect(say({ networks, epsilon: 0.02 })).toBe(sentence);
    expect(say({ networks, epsilon: 0.02, isFirst: true })).toBe(sentence);
    expect(describeDrawing({ networks, epsilon: 0.02 })).toBe(sentence);
  });

  it.each([
    [1, 'At ε = 0.30, plain is fooled. No network is unbreakable.'],
    [2, 'At ε = 0.30, both are fooled. No network is unbreakable.'],
    [3, 'At ε = 0.30, all three are fooled. No network is unbreakable.'],
    [4, 'At ε = 0.30, all four are fooled. No network is unbreakable.'],
  ])('says that the attack fools all of %i networks', (count, sentence) => {
    const networks = makeNetworks(...Array.from({ length: count }, (_, i) => [4, 5 + i] as const));
    expect(say({ networks, epsilon: 0.3 })).toBe(sentence);
    expect(describeDrawing({ networks, epsilon: 0.3 })).toBe(sentence);
  });

  it('keeps a name’s capitals within a sentence, too', () => {
    const [, , abp] = makeNetworks([4, 4], [4, 4], [4, 4]);
    expect(say({ networks: [abp!] })).toBe('Not enough: at ε = 0.10, ABP still reads a 4.');
    expect(say({ networks: [{ ...abp!, after: 9 }] })).toMatch(/^At ε = 0\.10, ABP is fooled\. /);
  });

  it.each([
    [
      [
        [4, 9],
        [4, 4],
      ],
      'Plain reads a 9. Dropout still reads a 4.',
    ],
    [
      [
        [4, 4],
        [4, 4],
        [4, 8],
      ],
      'ABP reads an 8. Plain and dropout still read a 4.',
    ],
    [
      [
        [4, 9],
        [4, 9],
        [4, 4],
      ],
      'Plain and dropout read a 9. ABP still reads a 4.',
    ],
    [
      [
        [4, 9],
        [4, 8],
        [4, 4],
      ],
      'Plain reads a 9 and dropout an 8. ABP still reads a 4.',
    ],
    [
      [
        [4, 9],
        [4, 8],
        [4, 9],
        [4, 4],
      ],
      'Plain and ABP read a 9, and dropout reads an 8. Random signs still reads a 4.',
    ],
    [
      [
        [4, 9],
        [4, 8],
        [4, 7],
        [4, 4],
      ],
      'Plain reads a 9, dropout an 8, and ABP a 7. Random signs still reads a 4.',
    ],
    [
      [
        [4, 9],
        [4, 4],
        [4, 4],
        [4, 4],
      ],
      'Plain reads a 9. Dropout, ABP and random signs still read a 4.',
    ],
  ] as const)('names the networks that are fooled and those that are not: %j', (read, sentence) => {
    expect(say({ networks: makeNetworks(...read) })).toBe(sentence);
    expect(describeDrawing({ networks: makeNetworks(...read) })).toBe(sentence);
  });

  it.each([
    [
      [
        [4, 9],
        [4, 9],
        [4, 4],
      ],
      'All three networks read this 4. Nudge its pixels, and two read a 9.',
    ],
    [
      [
        [4, 9],
        [4, 8],
        [4, 4],
      ],
      'All three networks read this 4. Nudge its pixels, and two read something else.',
    ],
    [
      [
        [4, 8],
        [4, 4],
      ],
      'Both networks read this 4. Nudge its pixels, and one reads an 8.',
    ],
    [
      [
        [4, 9],
        [4, 9],
        [4, 9],
        [4, 4],
      ],
      'All four networks read this 4. Nudge its pixels, and three read a 9.',
    ],
  ] as const)('describes the networks on the first screen: %j', (read, sentence) => {
    expect(say({ isFirst: true, networks: makeNetworks(...read) })).toBe(sentence);
  });

  describe('about networks that are wrong without an attack', () => {
    it('names them, and leaves them out of what the attack does', () => {
      const networks = makeNetworks([4, 9], [4, 8], [9, 4]);
      const first = 'ABP misreads this 4 without any nudge.';
      expect(say({ networks })).toBe(`${first} At ε = 0.10, plain reads a 9 and dropout an 8.`);
      expect(say({ networks, epsilon: 0 })).toBe(first);
      expect(say({ networks, isFirst: true })).toBe(say({ networks }));
      expect(say({ networks: makeNetworks([4], [4], [9]) })).toBe(first);
      expect(say({ networks: makeNetworks([4, 4], [4, 4], [9, 9]) })).toBe(
        `${first} Plain and dropout still read a 4.`,
      );
      expect(say({ networks: makeNetworks([4, 4], [4, 9], [9, 9]) })).toBe(
        `${first} At ε = 0.10, dropout reads a 9. Plain still reads a 4.`,
      );
    });

    it('names several of them', () => {
      const networks = makeNetworks([9, 9], [4, 4], [7, 7]);
      expect(say({ networks })).toBe(
        'Plain and ABP misread this 4 without any nudge. Dropout still reads a 4.',
      );
      expect(say({ networks: makeNetworks([9, 9], [4, 9], [7, 7]) })).toBe(
        'Plain and ABP misread this 4 without any nudge. At ε = 0.10, dropout reads a 9.',
      );
    });

    it.each([
      [1, 'Plain misreads this 4 without any nudge.'],
      [2, 'Both networks misread this 4 without any nudge.'],
      [3, 'All three networks misread this 4 without any nudge.'],
      [4, 'All four networks misread this 4 without any nudge.'],
    ])('says so when all %i of them are', (count, sentence) => {
      const networks = makeNetworks(...Array.from({ length: count }, () => [9, 4] as const));
      for (const epsilon of [0, 0.1]) expect(say({ networks, epsilon })).toBe(sentence);
    });
  });

  describe('about a drawing', () => {
    it('gives the gray levels that fool the weakest and the strongest network', () => {
      const networks = makeNetworks([7, 9, 13], [7, 9, 20], [7, 7, 60]);
      const sentence = 'Your 7 fools plain at 13 of 255 gray levels, ABP only at 60.';
      expect(describeDrawing({ networks })).toBe(sentence);
      expect(describeDrawing({ networks, isFirst: true })).toBe(sentence);
      expect(describeDrawing({ networks: makeNetworks([7, 7, 60], [7, 9, 13]) })).toBe(
        'Your 7 fools dropout at 13 of 255 gray levels, plain only at 60.',
      );
    });

    it('gives no levels until all are found, or if they are equal', () => {
      const sentence = 'Plain reads a 9. Dropout still reads a 7.';
      expect(describeDrawing({ networks: makeNetworks([7, 9, 13], [7, 7]) })).toBe(sentence);
      expect(describeDrawing({ networks: makeNetworks([7, 9, 13], [7, 7, 13.4]) })).toBe(sentence);
    });

    it('says what the networks read when they disagree, and calls none of them wrong', () => {
      const networks = makeNetworks([4, 9], [4, 9], [9, 9]);
      const readings = 'plain and dropout read a 4, and ABP reads a 9.';
      expect(describeDrawing({ networks })).toBe(
        `The networks disagree even without a nudge: ${readings}`,
      );
      expect(describeDrawing({ networks, epsilon: 0 })).toBe(`The networks disagree: ${readings}`);
      expect(describeDrawing({ networks, pad: 'test digit' })).toBe(describeDrawing({ networks }));
      expect(describeDrawing({ networks: makeNetworks([8], [3]), epsilon: 0 })).toBe(
        'The networks disagree: plain reads an 8 and dropout a 3.',
      );
      expect(describeDrawing({ networks: makeNetworks([8], [3], [5]), epsilon: 0 })).toBe(
        'The networks disagree: plain reads an 8, dropout a 3, and ABP a 5.',
      );
      expect(describeDrawing({ networks: makeNetworks([8], [3], [8], [3]), epsilon: 0 })).toBe(
        'The networks disagree: plain and ABP read an 8, and dropout and random signs read a 3.',
      );
    });
  });
});

describe('writeRatio', () => {
  const ratioOf = (...levels: (number | undefined)[]): string | null =>
    writeRatio(
      makeNetworks(
        ...levels.map((level): [number, number, number?] =>
          level === undefined ? [4, 9] : [4, 9, level],
        ),
      ),
      4,
    );

  it('compares the network that is hardest to fool with the next', () => {
    expect(ratioOf(6, 8, 41)).toBe('Fooling ABP takes about 5 times the nudge that fools dropout.');
    expect(ratioOf(8, 6, 41)).toBe('Fooling ABP takes about 5 times the nudge that fools plain.');
    expect(ratioOf(60, 20)).toBe('Fooling plain takes about 3 times the nudge that fools dropout.');
  });

  it('says twice from 1.75 times to 2.5, and nothing below', () => {
    const twice = 'Fooling dropout takes about twice the nudge that fools plain.';
    expect(ratioOf(100, 174)).toBeNull();
    expect(ratioOf(100, 175)).toBe(twice);
    expect(ratioOf(100, 249)).toBe(twice);
    expect(ratioOf(100, 251)).toContain('about 3 times');
    expect(ratioOf(100, 100)).toBeNull();
  });

  it('leaves out networks that are wrong without an attack, or were not fooled', () => {
    expect(writeRatio(makeNetworks([4, 9, 10], [4, 9, 20], [9, 9, 90]), 4)).toBe(
      'Fooling dropout takes about twice the nudge that fools plain.',
    );
    expect(ratioOf(10, 20, undefined)).toContain('Fooling dropout');
    expect(ratioOf(10, undefined)).toBeNull();
    expect(ratioOf(10)).toBeNull();
    expect(ratioOf()).toBeNull();
  });

  it('compares networks that agree on a drawing, but not if they disagree or have not answered', () => {
    expect(writeRatio(makeNetworks([4, 9, 10], [4, 9, 30]), null)).toContain('about 3 times');
    expect(writeRatio(makeNetworks([4, 9, 10], [7, 9, 30]), null)).toBeNull();
    expect(writeRatio(makeNetworks([null, 9, 10], [null, 9, 30]), null)).toBeNull();
  });
});

describe('grayLevels', () => {
  it('rounds ε to whole levels of 255', () => {
    expect([0, 1 / 256, 0.1, 0.5, 1].map(grayLevels)).toEqual([0, 1, 26, 128, 255]);
  });
});
