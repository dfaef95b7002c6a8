import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const folder = path.join(import.meta.dirname, '..', 'src');

/** Classes that a component takes from its style sheets and that the sheets do not define, as "file: class". */
function findMissingClasses(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const imports = text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g);
  return [...imports].flatMap(([, name = '', sheet = '']) => {
    const css = readFileSync(path.join(path.dirname(file), sheet), 'utf8');
    const defined = new Set([...css.matchAll(/\.([a-zA-Z_][\w-]*)/g)].map(([, found]) => found));
    const used = text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'));
    return [...used].flatMap(([, wanted = '']) =>
      defined.has(wanted) ? [] : [`${path.relative(folder, file)}: ${wanted}`],
    );
  });
}

// TypeScript accepts any class of a CSS module, so a renamed one would silently lose its style.
it('every class that a component uses is defined in its style sheet', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => path.join(folder, name));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(findMissingClasses)).toEqual([]);
});
