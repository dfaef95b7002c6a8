import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const stylesheet = fileURLToPath(new URL('../../src/app/mantine.css', import.meta.url));

/** The components whose styles a stylesheet imports. */
export function findImported(css: string): Set<string> {
  return new Set([...css.matchAll(/@mantine\/core\/styles\/(\w+)\.css/g)].map(([, name]) => name!));
}

/** The component that a module with class names belongs to, or null for any other module. */
export function findStyled(moduleId: string): string | null {
  return (
    /@mantine\/core\/.*\/(\w+)\.module\.mjs$/.exec(moduleId.replaceAll('\\', '/'))?.[1] ?? null
  );
}

/** Refuses to build a page with Mantine's components but not their styles, which src/app/mantine.css lists one by one. */
export function mantineStyles(): Plugin {
  return {
    name: 'mantine-styles',
    apply: 'build',
    async generateBundle(_, bundle) {
      const imported = findImported(await readFile(stylesheet, 'utf8'));
      const ids = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' ? file.moduleIds : [],
      );
      for (const component of new Set(ids.map(findStyled))) {
        if (component !== null && !imported.has(component)) {
          this.error(`src/app/mantine.css lacks @import '@mantine/core/styles/${component}.css'.`);
        }
      }
    },
  };
}
