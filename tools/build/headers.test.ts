import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { headersFile, hostHeaders } from './headers.ts';

it('lists every header for every address, as Netlify and Cloudflare Pages read it', () => {
  const [comment, pattern, ...lines] = headersFile.trimEnd().split('\n');
  expect([comment?.[0], pattern]).toEqual(['#', '/*']);
  expect(lines).toEqual(Object.entries(hostHeaders).map(([name, value]) => `  ${name}: ${value}`));
});

it('gives nginx the same headers', async () => {
  const conf = await readFile('docs/hosting/nginx.conf', 'utf8');
  const found = [...conf.matchAll(/^ *add_header (\S+) "(.*)" always;$/gm)];
  expect(Object.fromEntries(found.map(([, name, value]) => [name, value]))).toEqual(hostHeaders);
});
