import { describe, expect, it } from 'vitest';
import { readAt, describeReadout } from './readout.ts';
import { makeTestSeries } from './testing/makeTestSeries.ts';

const long = makeTestSeries([9, 8, 7, 6], 'Plain');
const short = makeTestSeries([5, 4], 'ABP');

describe('readAt', () => {
  it('gives details that all runs share only once', () => {
    const readout = readAt([long, short], 0.8);
    expect(readout.common).toEqual(['Epoch 1']);
    expect(readout.rows.map(({ value }) => value)).toEqual(['8', '4']);
    expect(describeReadout(readout)).toBe('Epoch 1. Plain: 8. ABP: 4');
  });

  it('gives each run its own nearest measurement, and leaves out runs without one', () => {
    const readout = readAt([long, short, makeTestSeries([], 'New')], 2.9);
    expect(readout.common).toEqual([]);
    expect(describeReadout(readout)).toBe('Plain: 6, Epoch 3. ABP: 4, Epoch 1');
  });
});
