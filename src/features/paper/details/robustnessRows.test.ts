import { describe, expect, it } from 'vitest';
import { describeLeaking, listRobustness, robustnessColumns } from './robustnessRows.ts';

const rates = { fgsm: 0.1, pgd: 0.2, marginPgd: 0.25, strongest: 0.3 };

describe('listRobustness', () => {
  it('has a line for each ε of a clipped attack or a certificate, ascending', () => {
    const rows = listRobustness({
      attacks: [
        { epsilon: 0.1, clip: true, ...rates, strongest: null },
        { epsilon: 0.08, clip: true, ...rates },
        { epsilon: 0.25, clip: false, ...rates, fgsm: 0.9 },
      ],
      certified: [
        { epsilon: 0.02, share: 0.815 },
        { epsilon: 0.08, share: 0 },
      ],
    });
    expect(rows).toEqual([
      ['0.02', '–', '–', '–', '–', '81.5 %'],
      ['0.08', '10.0 %', '20.0 %', '25.0 %', '30.0 %', '0.0 %'],
      ['0.10', '10.0 %', '20.0 %', '25.0 %', '–', '–'],
    ]);
    for (const row of rows) expect(row).toHaveLength(robustnessColumns.length);
  });

  it('is empty where nothing was measured', () => {
    expect(listRobustness({ attacks: [], certified: [] })).toEqual([]);
  });
});

describe('describeLeaking', () => {
  const describeOf = (clean: number, fgsm: number) =>
    describeLeaking({ training: { images: 10_000, clean, fgsm } });

  it('names label leaking where unchanged training images are misclassified more often', () => {
    const text = describeOf(0.03, 0.0123);
    expect(text).toContain('Of the first 10,000 training images it misclassifies 3.00 % without');
    expect(text).toContain('only 1.23 % under FGSM');
    expect(text).toContain('label leaking');
  });

  it('says nothing otherwise', () => {
    expect(describeOf(0.0123, 0.03)).toBeNull();
    expect(describeOf(0, 0)).toBeNull();
  });
});
