import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isolation } from './headers.ts';
import { describeSite, readServiceWorkerCode, writeServiceWorker } from './serviceWorkerPlugin.ts';

let folder = '';

function write(file: string, text: string): void {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lab-build-'));
  for (const file of ['index.html', 'assets/a.js', 'data/mnist/a.bin', 'og.png', '_headers']) {
    write(file, file);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

it('keeps what the page needs, data apart, with the headers of a good host', () => {
  writeServiceWorker(folder, 'code');
  const { files, data, headers } = describeSite(folder, 'code');
  expect(Object.keys(files)).toEqual(['assets/a.js', 'index.html']);
  expect(Object.keys(data)).toEqual(['data/mnist/a.bin']);
  expect(headers).toMatchObject(isolation);
  expect(readServiceWorkerCode(folder)).toBe('code');
});

it('is another version if a file or its own code is, and else the same', () => {
  const { version } = describeSite(folder, 'code');
  expect(describeSite(folder, 'code').version).toBe(version);
  expect(describeSite(folder, 'other code').version).not.toBe(version);
  write('assets/a.js', 'changed');
  expect(describeSite(folder, 'code').version).not.toBe(version);
});
