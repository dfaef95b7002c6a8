import { expect, it } from 'vitest';
import { describeOutcome } from './outcome.ts';

it('says whether the link was copied', () => {
  const address = 'https://lab.example/#v=1';
  expect(describeOutcome({ address, isCopied: true })).toBe('Link copied.');
  expect(describeOutcome({ address, isCopied: false })).toBe(
    'The browser did not allow copying. The link is selected: copy it from the field.',
  );
});
