import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices that a seed repeats. */
export interface Chance {
  /** A whole number from 0 to `limit` − 1; `limit` is at least 1. */
  readonly below: (limit: number) => number;
  readonly choose: <T>(choices: readonly T[]) => T;
}

export function makeChance(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(generator, 0, limit - 1);
  return { below, choose: (choices) => choices[below(choices.length)]! };
}
