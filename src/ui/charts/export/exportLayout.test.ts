import { describe, expect, it } from 'vitest';
import { composePicture, wrap } from './exportLayout.ts';

const measure = (text: string): number => text.length * 7;

describe('composePicture', () => {
  const chart = { title: 'Loss <1>', y: 0, width: 300, height: 200, markup: '<svg/>' };
  const picture = {
    title: 'Curves',
    notes: ['A note that is so long that it needs more than the one line that the charts have.'],
    runs: ['Plain', 'Dropout', 'ABP ε 0.08', 'PGD training ε 0.08', 'Clean + adversarial'].map(
      (name) => ({ name, swatch: '<svg/>' }),
    ),
    charts: [
      { ...chart, x: 0 },
      { ...chart, x: 320 },
    ],
    colors: { page: '#fff', ink: '#000', muted: '#555' },
    fontFamily: '"Inter", sans-serif',
  };

  it('contains the title, legend, charts and notes', () => {
    const { markup, width, height } = composePicture(picture, measure);
    expect(width).toBe(620 + 48);
    expect(height).toBeGreaterThan(300);
    for (const { name } of picture.runs) expect(markup).toContain(`>${name}</text>`);
    expect(markup).toContain('Loss &lt;1&gt;');
    expect(markup).toContain('font-family="&quot;Inter&quot;, sans-serif"');
  });

  it('wraps a legend that is too long', () => {
    const { height } = composePicture(picture, measure);
    const short = composePicture({ ...picture, runs: picture.runs.slice(0, 2) }, measure);
    expect(height).toBeGreaterThan(short.height);
  });
});

describe('wrap', () => {
  it('breaks between words', () =>
    expect(wrap('one two three', 56, measure)).toEqual(['one two', 'three']));
});
