import { describe, expect, it } from 'vitest';
import { describeMoment } from './networks.ts';

describe('describeMoment', () => {
  it('names the moment at which a network is shown', () => {
    expect(describeMoment(0, 10)).toBe('before training');
    expect(describeMoment(25, 10)).toBe('after epoch 2.5');
    expect(describeMoment(25, null)).toBe('pretrained');
  });
});
