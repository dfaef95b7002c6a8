import { describe, expect, it } from 'vitest';
import { packMistakes } from '../../../domain/mistakes.ts';
import { compare, formatP } from './difference.ts';
import { listResultRows } from './resultRows.ts';
import { makeRun, read } from './testRuns.ts';

/** A run that misclassifies these of 200 images. */
function runOf(isWrong: (image: number) => boolean) {
  const flags = Uint8Array.from({ length: 200 }, (_, image) => Number(isWrong(image)));
  const mistakes = { clean: packMistakes(flags), adversarial: packMistakes(flags) };
  const measurements = [read('margin-pgd', 0.1, { sampleCount: 200, mistakes })];
  return listResultRows([{ ...makeRun('Run', null), measurements }], [], 0.08)[0]!;
}

describe('two networks on the same images', () => {
  it('differ if p < 0.05 by McNemar’s exact test, however many images both misclassify', () => {
    const common = (image: number) => image >= 100;
    const first = runOf((image) => common(image) || image < 9);
    const second = runOf((image) => common(image) || image === 50);
    expect(compare(first, second, 'pgd')).toEqual({
      isClear: true,
      onlyFirst: 9,
      onlySecond: 1,
      p: expect.closeTo(22 / 1024, 12) as number,
    });
    expect(compare(second, first, 'pgd')).toMatchObject({ onlyFirst: 1, onlySecond: 9 });
    const closer = runOf((image) => common(image) || (image >= 50 && image < 52));
    expect(compare(first, closer, 'pgd')).toMatchObject({
      isClear: false,
      p: expect.closeTo((2 * 67) / 2048, 12) as number,
    });
  });

  it('are not compared on different images, or if only their number is known', () => {
    const [row] = listResultRows([makeRun('Run', { fgsm: 0.1, pgd: 0.1 })], [], 0.08);
    expect(
      compare(
        row!,
        runOf(() => true),
        'pgd',
      ),
    ).toBeNull();
    const unknown = { ...row!, pgd: { ...row!.pgd!, mistakes: null } };
    expect(compare(row!, unknown, 'pgd')).toBeNull();
    expect(compare(row!, { ...row!, pgd: null }, 'pgd')).toBeNull();
  });
});

it('writes p with as many digits as it needs', () => {
  expect([0, 0.00099, 0.001, 0.0234, 0.0994, 0.0996, 0.234, 1].map(formatP)).toEqual([
    'p < 0.001',
    'p < 0.001',
    'p = 0.001',
    'p = 0.023',
    'p = 0.099',
    'p = 0.10',
    'p = 0.23',
    'p = 1.00',
  ]);
});
