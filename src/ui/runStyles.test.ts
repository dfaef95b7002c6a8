import { describe, expect, it } from 'vitest';
import { runStyles } from './runStyles.ts';

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

describe('runStyles', () => {
  it.each(runStyles.map(({ color }) => color))(
    'gives %s a contrast of at least 3 in both themes',
    (color) => {
      const colors = color.match(/#[0-9a-f]{6}/g)!;
      expect(contrast(colors[0], '#ffffff')).toBeGreaterThanOrEqual(3);
      expect(contrast(colors.at(-1)!, '#101216')).toBeGreaterThanOrEqual(3);
    },
  );

  it('distinguishes runs without color', () => {
    expect(new Set(runStyles.map(({ dash }) => dash)).size).toBe(runStyles.length);
    expect(new Set(runStyles.map(({ marker }) => marker)).size).toBe(runStyles.length);
  });
});
