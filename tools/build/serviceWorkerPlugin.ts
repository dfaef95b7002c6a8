import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';
import type { Site } from '../../src/serviceWorker/site.ts';
import { hostHeaders } from './headers.ts';

export const serviceWorkerFile = 'service-worker.js';

const source = path.join(import.meta.dirname, '../../src/serviceWorker/serviceWorker.ts');

/** Files for hosts, for link previews and for installing the page, and files that are not needed offline. */
const notStored = /^(_headers|og\.png|icons\/.*|THIRD-PARTY-NOTICES\.txt)$/;
const data = /^data\//;

function hash(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Describes the built site in a folder. @param code of the service worker */
export function describeSite(folder: string, code: string): Site {
  const files: Record<string, string> = {};
  const dataFiles: Record<string, string> = {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file !== serviceWorkerFile && !notStored.test(file))
    .sort();
  for (const file of paths) {
    (data.test(file) ? dataFiles : files)[file] = hash(readFileSync(path.join(folder, file)));
  }
  const site = { files, data: dataFiles, headers: hostHeaders };
  return { version: hash(JSON.stringify(site) + code).slice(0, 16), ...site };
}

/** Writes the service worker of the site in a folder. */
export function writeServiceWorker(folder: string, code: string): void {
  const site = JSON.stringify(describeSite(folder, code));
  writeFileSync(path.join(folder, serviceWorkerFile), `self.site=${site};\n${code}`);
}

/** The code of a service worker that `writeServiceWorker` wrote. */
export function readServiceWorkerCode(folder: string): string {
  const text = readFileSync(path.join(folder, serviceWorkerFile), 'utf8');
  return text.slice(text.indexOf('\n') + 1);
}

/** The service worker as one classic script, because not all browsers let one be a module. */
async function bundle({ root, build: { target } }: ResolvedConfig): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      target,
      write: false,
      rolldownOptions: { input: source, output: { format: 'iife' } },
    },
  });
  const [first] = [result].flat();
  if (first === undefined || !('output' in first)) throw new Error('Vite built no service worker.');
  return first.output[0].code;
}

/** Adds the service worker to the built site, after all files that it stores. The development server has none. */
export function serviceWorkerPlugin(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(resolved) {
      config = resolved;
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler({ dir }) {
        writeServiceWorker(dir ?? config.build.outDir, await bundle(config));
      },
    },
  };
}
