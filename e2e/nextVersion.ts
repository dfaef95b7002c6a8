import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readServiceWorkerCode, writeServiceWorker } from '../tools/build/serviceWorkerPlugin.ts';

const built = path.join(import.meta.dirname, '..', 'dist-small');

/** Puts the built site into an empty folder. */
export function deploy(folder: string): void {
  cpSync(built, folder, { recursive: true });
}

/**
 * Replaces the site in the folder by another version of it, as a host does: the files of the old one are gone, and
 * those of the new one have other names. A page says by `data-version` which one it is.
 */
export function deployNext(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
  deploy(folder);
  const assets = path.join(folder, 'assets');
  const names = readdirSync(assets);
  for (const name of names) {
    renameSync(path.join(assets, name), path.join(assets, nextName(name)));
  }
  const texts = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
  for (const file of ['index.html', ...texts.map((name) => `assets/${name}`)]) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const isEntry =
      file !== 'index.html' &&
      readFileSync(path.join(folder, 'index.html'), 'utf8').includes(`src="./${file}"`);
    const renamed = names.reduce((all, name) => all.replaceAll(name, nextName(name)), text);
    const mark = isEntry ? 'document.documentElement.dataset.version="next";' : '';
    writeFileSync(path.join(folder, file), mark + renamed);
  }
  writeServiceWorker(folder, readServiceWorkerCode(built));
}

function nextName(name: string): string {
  return name.replace(/\.(\w+)$/, '.next.$1');
}
