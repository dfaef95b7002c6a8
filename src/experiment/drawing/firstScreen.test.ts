import { describe, expect, it } from 'vitest';
import { findPrepared, firstScreen } from './firstScreen.ts';

describe('the prepared values of ε', () => {
  it('are ten, ascending, with a prediction of every network for every digit at each', () => {
    const { preparedEpsilons, networks } = firstScreen;
    expect(preparedEpsilons).toHaveLength(10);
    expect([...preparedEpsilons].sort((a, b) => a - b)).toEqual(preparedEpsilons);
    for (const { digits } of networks) {
      for (const { after } of digits) expect(after).toHaveLength(10);
    }
  });

  it('are found by the nearest', () => {
    const nearest = (epsilon: number) => firstScreen.preparedEpsilons[findPrepared(epsilon)];
    expect([0.01, 0.1, 0.12, 0.13, 0.39, 0.41, 0.5].map(nearest)).toEqual([
      0.02, 0.1, 0.1, 0.15, 0.3, 0.5, 0.5,
    ]);
  });
});
