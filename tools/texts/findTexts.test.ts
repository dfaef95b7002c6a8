import { expect, it } from 'vitest';
import { findTexts } from './findTexts.ts';

const source = `import { Button } from '@mantine/core';
type Kind = 'Some kind' | 'plain';
const selector = '[data-panel="Draw it"]';
const names: Record<Kind, string> = { plain: 'Plain', other: 'not a label' };
const row = { label: 'epochs', help: \`How often: \${count} times\`, key: 'learningRate' };

export function Sample({ kind, count }: Props) {
  if (kind === 'Some kind') throw new Error('Nobody reads this');
  return (
    <section className="wide row" data-testid="the sample" aria-label="ε">
      <p style={{ border: '1px solid red' }}>
        It has <strong>{count} runs</strong>, as {kind}{' '}
        says <Icon title="so" />.
      </p>
      <Button title={count > 1 ? 'many' : 'none'}>{'Open it'}</Button>
      {kind === 'plain' ? 'All is well.' : names[kind]}
      {join('small word')}
    </section>
  );
}
`;

it('finds what people read, with its line, and not what only the code reads', () => {
  expect(findTexts('Sample.tsx', source).map(({ line, text }) => [line, text])).toEqual([
    [4, 'Plain'],
    [4, 'not a label'],
    [5, 'epochs'],
    [5, 'How often: {count} times'],
    [10, 'ε'],
    [12, 'It has {count} runs, as {kind} says {…}.'],
    [13, 'so'],
    [15, 'many'],
    [15, 'none'],
    [15, 'Open it'],
    [16, 'All is well.'],
    [17, 'small word'],
  ]);
});

it('reads a page as well', () => {
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="description" content="What it is about." />
    <style>
      p { margin: 0 auto; }
    </style>
  </head>
  <body><p>Loading…</p></body>
</html>`;
  expect(findTexts('index.html', page)).toEqual([
    { line: 5, text: 'What it is about.' },
    { line: 10, text: 'Loading…' },
  ]);
});

it('names a file that cannot be parsed', () => {
  expect(() => findTexts('broken.ts', 'const = 1')).toThrow(/^broken\.ts cannot be parsed: /);
});
