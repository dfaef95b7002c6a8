/**
 * `npm run texts`: lists the texts of the page that people read, one a line, after file and line. Read them to find what
 * nobody would say aloud. `npm run texts -- src/features/share` lists those of one folder or file.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { findTexts } from './findTexts.ts';

const root = path.resolve(import.meta.dirname, '../..');
const places = [
  'index.html',
  'src/app',
  'src/features',
  'src/ui',
  'src/experiment',
  'src/domain/settings',
];

function listFiles(place: string): readonly string[] {
  const full = path.resolve(root, place);
  if (statSync(full).isFile()) return [full];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|\/)testing\//.test(name))
    .sort()
    .map((name) => path.join(full, name));
}

const chosen = process.argv.slice(2);
for (const file of (chosen.length > 0 ? chosen : places).flatMap(listFiles)) {
  const name = path.relative(root, file);
  for (const { line, text } of findTexts(file, readFileSync(file, 'utf8'))) {
    console.log(`${name}:${line}: ${text}`);
  }
}
