import { methodFacts, type TrainingMethod } from '../../domain/settings/methods.ts';

/** Indices in the palette (`runStyles` in ui/runStyles.ts), in the order in which runs take them that miss their own. */
const spare = [3, 5, 4, 1, 0, 2, 6, 7, 8];
export const paletteSize = spare.length;

/** An index in the palette for each run: its method's own for the first of its kind, otherwise a free one. */
export function assignPaletteIndices(methods: readonly TrainingMethod[]): number[] {
  const own = new Set(methods.map((method) => methodFacts[method].paletteIndex));
  const taken = new Set<number>();
  return methods.map((method) => {
    const first = methodFacts[method].paletteIndex;
    const paletteIndex = taken.has(first)
      ? (spare.find((one) => !taken.has(one) && !own.has(one)) ?? first)
      : first;
    taken.add(paletteIndex);
    return paletteIndex;
  });
}
