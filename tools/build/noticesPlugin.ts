import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

interface PackageNotice {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Full texts of the license and notice files. */
  readonly texts: readonly string[];
}

const mnistNotice = `MNIST database of handwritten digits
License: Creative Commons Attribution-ShareAlike 3.0 (https://creativecommons.org/licenses/by-sa/3.0/)

Yann LeCun (Courant Institute, NYU) and Corinna Cortes (Google Labs, New York) hold the copyright of
the MNIST dataset, which is a derivative work from original NIST datasets. The files under data/mnist/
are the four original files, compressed with gzip and otherwise unchanged.`;

/** The folder of the package that contains a module: the nearest one whose package.json has a version. */
function findPackageFolder(moduleFile: string): string | undefined {
  let folder = path.dirname(moduleFile);
  while (folder.includes('node_modules') && path.basename(folder) !== 'node_modules') {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && 'version' in readManifest(manifest)) return folder;
    folder = path.dirname(folder);
  }
  return undefined;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

function readManifest(file: string): Partial<Manifest> {
  return JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
}

/**
 * The license of a package. Some packages are published without their license file; for them the standard text of the
 * license that they declare is used.
 *
 * @throws Error if neither exists
 */
function readNotice(folder: string): PackageNotice {
  const {
    name = path.basename(folder),
    version = '',
    license,
    author,
  } = readManifest(path.join(folder, 'package.json'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  if (texts.length === 0) {
    const standardText = path.join(import.meta.dirname, 'licenses', `${license}.txt`);
    if (!existsSync(standardText)) {
      throw new Error(
        `Package ${name} in ${folder} has no license file and declares "${license}": ` +
          `expected one of them, or its text as ${standardText}.`,
      );
    }
    const holder = typeof author === 'object' ? author.name : (author ?? `the authors of ${name}`);
    texts.push(`Copyright (c) ${holder}\n\n${readFileSync(standardText, 'utf8').trim()}`);
  }
  return { name, version, license: license ?? 'see below', texts };
}

/** The text of THIRD-PARTY-NOTICES.txt for these packages, in order of name. */
export function formatNotices(packages: readonly PackageNotice[]): string {
  const rule = '='.repeat(80);
  const entries = [...packages]
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ name, version, license, texts }) =>
      [`${name} ${version}`, `License: ${license}`, ...texts.map((text) => `\n${text}`)].join('\n'),
    );
  const introduction = 'This site contains the following data and software of others.';
  return `${[introduction, mnistNotice, ...entries].join(`\n\n${rule}\n\n`)}\n`;
}

/**
 * Emits THIRD-PARTY-NOTICES.txt with the license of every npm package whose modules are in the page or in the worker.
 * Vite's own `build.license` omits the worker's bundle (and so TensorFlow.js) and style sheets. The worker is bundled
 * before the page's bundle is generated, so the page's plugin knows all packages.
 *
 * @returns the plugin for `plugins` and the one for `worker.plugins`
 */
export function noticesPlugins(): { page: Plugin; worker: Plugin } {
  const folders = new Set<string>();

  function collect(moduleIds: Iterable<string>): void {
    for (const id of moduleIds) {
      if (id.startsWith('\0') || !id.includes('node_modules')) continue;
      const folder = findPackageFolder(id.replace(/[?#].*$/, ''));
      if (folder !== undefined) folders.add(folder);
    }
  }

  return {
    worker: {
      name: 'third-party-notices:worker',
      apply: 'build',
      generateBundle() {
        collect(this.getModuleIds());
      },
    },
    page: {
      name: 'third-party-notices',
      apply: 'build',
      generateBundle() {
        collect(this.getModuleIds());
        this.emitFile({
          type: 'asset',
          fileName: 'THIRD-PARTY-NOTICES.txt',
          source: formatNotices([...folders].map(readNotice)),
        });
      },
    },
  };
}
