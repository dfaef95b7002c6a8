import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/** Source files of a folder, tests and the kernels of another language apart, as paths from the root. */
function listSources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|simd\/kernels\//.test(name))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')));
}

/** Files that a file imports, types included. */
function readImports(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const imports = text.matchAll(
    /^(?:import|export)\b[^;'"]*['"](\.[^'"]+)['"]|import\('(\.[^']+)'\)/gm,
  );
  return [...imports].map(([, fixed, lazy]) =>
    path.posix.join(path.posix.dirname(file), fixed ?? lazy ?? ''),
  );
}

/** The first circle of imports, as its files in order; null if there is none. */
function findCycle(importsOf: ReadonlyMap<string, readonly string[]>): string[] | null {
  const finished = new Set<string>();
  const way: string[] = [];
  function visit(file: string): string[] | null {
    if (finished.has(file)) return null;
    const start = way.indexOf(file);
    if (start >= 0) return [...way.slice(start), file];
    way.push(file);
    for (const imported of importsOf.get(file) ?? []) {
      const cycle = visit(imported);
      if (cycle !== null) return cycle;
    }
    way.pop();
    finished.add(file);
    return null;
  }
  for (const file of importsOf.keys()) {
    const cycle = visit(file);
    if (cycle !== null) return cycle;
  }
  return null;
}

it('finds a circle of imports', () => {
  const importsOf = new Map([
    ['a', ['b', 'c']],
    ['b', []],
    ['c', ['d']],
    ['d', ['c']],
  ]);
  expect(findCycle(importsOf)).toEqual(['c', 'd', 'c']);
});

it('there is no circle of imports in src and tools', () => {
  const files = [...listSources('src'), ...listSources('tools')];
  const importsOf = new Map(files.map((file) => [file, readImports(file)]));
  expect(importsOf.get('src/app/main.tsx')).toContain('src/app/App.tsx');
  expect(findCycle(importsOf)).toBeNull();
});
