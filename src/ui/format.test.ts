import { describe, expect, it } from 'vitest';
import * as format from './format.ts';

describe('formats', () => {
  it.each([
    [format.formatErrorRate(0.01234), '1.23 %'],
    [format.formatConfidence(0.98712), '98.7 %'],
    [format.formatConfidence(0.99999), '99.9 %'],
    [format.formatConfidence(1), '100.0 %'],
    [format.formatConfidence(Number.NaN), 'not finite'],
    [format.formatEpsilon(0.1), '0.10'],
    [format.formatLoss(0.04214), '0.0421'],
    [format.formatNumber(0), '0'],
    [format.formatNumber(0.012345), '0.0123'],
    [format.formatNumber(-0.5), '−0.500'],
    [format.formatNumber(1.2e-7), '1.2e−7'],
    [format.formatNumber(-31.4159), '−31.4'],
    [format.formatNumber(Number.NaN), 'not finite'],
    [format.formatNumber(Infinity), 'not finite'],
    [format.formatSigned(-0.08), '−0.08'],
    [format.formatSpeed(21_345), '21,000'],
    [format.formatSpeed(987), '990'],
    [format.formatSpeed(7.4), '7'],
    [format.formatDuration(14.2), '0:14'],
    [format.formatDuration(605), '10:05'],
    [format.formatDuration(3729), '1:02:09'],
    [format.formatMegabytes(47_040_016), '47.0'],
    [format.formatEpoch(1 / 938), '0.0011'],
    [format.formatEpoch(0.333), '0.33'],
    [format.formatEpoch(2), '2'],
    [format.keepTogether('62.02 % under FGSM, ε 0.08'), '62.02\u00a0% under FGSM, ε\u00a00.08'],
    [format.keepTogether('two read a 9 or an 8'), 'two read a\u00a09 or an\u00a08'],
    [
      format.keepTogether('1.23 ± 0.04 %, 2 × 400'),
      '1.23\u00a0±\u00a00.04\u00a0%, 2\u00a0×\u00a0400',
    ],
  ])('write %s', (actual, expected) => expect(actual).toBe(expected));
});
