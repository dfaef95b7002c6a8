import { expect, it } from 'vitest';
import { describeOutcome } from './outcome.ts';

it('says whether the link that is shown was copied', () => {
  const address = 'https://lab.example/#v=1';
  expect(describeOutcome({ address, isCopied: true }, address)).toBe('Link copied.');
  expect(describeOutcome({ address, isCopied: false }, address)).toBe(
    'The browser did not allow copying. The link is selected, so you can copy it yourself.',
  );
  expect(describeOutcome({ address, isCopied: true }, `${address}&hide=setup`)).toBe(
    'The link has changed: copy it again.',
  );
});
