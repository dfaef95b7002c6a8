import type { TrainingMethod } from '../../domain/settings/config.ts';

/** Indices in the palette that runs are drawn with (ui/runStyles.ts): each method's preferred one. */
const preferred: Readonly<Record<TrainingMethod, number>> = {
  plain: 0,
  dropout: 1,
  adversarial: 2,
  'adversarial-dropout': 3,
  noise: 4,
  pgd: 5,
  mixed: 6,
};
const spare = [3, 5, 4, 1, 0, 2, 6];

/** An index in the palette for each run: its method's own for the first of its kind, otherwise a free one. */
export function assignPaletteIndices(methods: readonly TrainingMethod[]): number[] {
  const own = new Set(methods.map((method) => preferred[method]));
  const taken = new Set<number>();
  return methods.map((method) => {
    const first = preferred[method];
    const paletteIndex = taken.has(first)
      ? (spare.find((one) => !taken.has(one) && !own.has(one)) ?? first)
      : first;
    taken.add(paletteIndex);
    return paletteIndex;
  });
}
