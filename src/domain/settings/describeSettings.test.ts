import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatText } from '../../../tools/formatText.ts';
import { describeSetting, describeValues, lowerFirst } from './describeSettings.ts';
import { rowOf, type SettingKey, settingKeys } from './settings.ts';

// The tables of settings in the docs are written here: WRITE_DOCS=1 npx vitest run --project unit describeSettings

const optionRow = (key: SettingKey): string[] => {
  const { option } = rowOf(key);
  if (option === undefined) return [];
  const placeholder = option.value === undefined ? '' : ` ${option.value}`;
  const values = option.value === undefined ? 'a switch' : describeValues(key);
  return [`\`--${option.name}${placeholder}\``, lowerFirst(describeSetting(key)), values];
};

const linkRow = (key: SettingKey): string[] => {
  const { link, perRun } = rowOf(key);
  const where = perRun === 'always' ? ' (only within `runs`)' : '';
  const part = link === null ? 'first in each of `runs`' : `\`${link}\`${where}`;
  return [part, lowerFirst(describeSetting(key)), describeValues(key)];
};

it.each([
  ['docs/links.md', ['Part', 'Says', 'Values'], linkRow],
  ['docs/command-line.md', ['Option', 'Sets', 'Values'], optionRow],
])('%s has the settings of the table', async (path, head, rowFor) => {
  const rows = settingKeys.map(rowFor).filter((row) => row.length > 0);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const table = await formatText(path, lines.join('\n'));
  const text = readFileSync(path, 'utf8');
  const part = /(?<=<!-- settings -->\n).*(?=<!-- \/settings -->)/s;
  const written = text.replace(part, () => `\n${table}\n`);
  if (process.env.WRITE_DOCS === '1') writeFileSync(path, written);
  else expect(part.exec(text)?.[0]).toBe(`\n${table}\n`);
});
