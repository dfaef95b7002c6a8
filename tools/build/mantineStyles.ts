import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const sheets = {
  first: fileURLToPath(new URL('../../src/app/mantine.css', import.meta.url)),
  onDemand: fileURLToPath(new URL('../../src/ui/onDemand/mantine.css', import.meta.url)),
};

/** Mantine's colors that neither the page nor the components on it use; its own indigo replaces the primary one. */
const unusedColors =
  /^\s*--mantine-color-(?:red|pink|grape|violet|blue|cyan|teal|green|lime|yellow|orange)-[\w-]+:[^;]*;\n/gm;

/** A part of Button that the first screen does not ask for. */
const notOnFirstScreen: ReadonlySet<string | null> = new Set(['Loader']);

/** The components whose styles a stylesheet imports. */
export function findImported(css: string): Set<string> {
  return new Set(
    [...css.matchAll(/@mantine\/core\/styles\/(\w+)\.layer\.css/g)].map(([, name]) => name!),
  );
}

/** The component that a module with class names belongs to, or null for any other module. */
export function findStyled(moduleId: string): string | null {
  return (
    /@mantine\/core\/.*\/(\w+)\.module\.mjs$/.exec(moduleId.replaceAll('\\', '/'))?.[1] ?? null
  );
}

/** Mantine's variables without those of unused colors, which are half of them. */
export function withoutUnusedColors(css: string): string {
  return css.replace(unusedColors, '');
}

/**
 * Refuses to build a page with Mantine's components but not their styles, which two stylesheets list one by one: those
 * of the first screen, and those that come with the first part on demand.
 */
export function mantineStyles(): Plugin {
  return {
    name: 'mantine-styles',
    apply: 'build',
    enforce: 'pre',
    transform: {
      filter: { id: /default-css-variables\.css$/ },
      handler: (css) => withoutUnusedColors(css),
    },
    async generateBundle(_, bundle) {
      const first = findImported(await readFile(sheets.first, 'utf8'));
      const onDemand = findImported(await readFile(sheets.onDemand, 'utf8'));
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const [sheet, names] = chunk.isEntry
          ? (['src/app/mantine.css', new Set([...first, ...notOnFirstScreen])] as const)
          : (['src/ui/onDemand/mantine.css', new Set([...first, ...onDemand])] as const);
        for (const component of new Set(chunk.moduleIds.map(findStyled))) {
          if (component !== null && !names.has(component)) {
            this.error(`${sheet} lacks @import '@mantine/core/styles/${component}.layer.css'.`);
          }
        }
      }
    },
  };
}
