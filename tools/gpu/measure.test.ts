import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const folders: string[] = [];

/**
 * Runs measure.py with a browser that sends these pieces from every page and stays open.
 *
 * @param patience of the time limits
 */
function measure(pieces: readonly object[], args: readonly string[], patience = 1) {
  const folder = mkdtempSync(path.join(tmpdir(), 'gpu-measure-'));
  folders.push(folder);
  const browser = path.join(folder, 'browser');
  const code = `#!/usr/bin/env python3
import json, sys, time, urllib.parse, urllib.request
if '--version' in sys.argv: sys.exit(print('Fake 1'))
for piece in json.loads(${JSON.stringify(JSON.stringify(pieces))}):
    url = urllib.parse.urljoin(sys.argv[-1], '/report')
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(piece).encode(), method='POST'))
time.sleep(60)
`;
  writeFileSync(browser, code, { mode: 0o755 });
  const out = path.join(folder, 'results.json');
  const script = path.join(import.meta.dirname, 'measure.py');
  const common = ['--browser', browser, '--out', out, '--patience', String(patience)];
  const { status, stdout, stderr } = spawnSync('python3', [script, ...common, ...args], {
    encoding: 'utf8',
  });
  const results = JSON.parse(readFileSync(out, 'utf8')) as {
    machine: { browser: string };
    parts: { name: string; failed: string[]; found: unknown[] }[];
  };
  return { status, text: stdout + stderr, ...results };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe.skipIf(!hasPython)('measure.py', () => {
  it('prints and keeps what every page sends', () => {
    const found = measure(
      [
        { text: 'a table', data: [1] },
        { data: 2, isDone: true },
      ],
      [],
    );
    expect(found.status).toBe(0);
    expect(found.text.match(/a table/g)).toHaveLength(4);
    expect(found.machine.browser).toBe('Fake 1');
    expect(found.parts.map((part) => part.found)).toEqual(Array(4).fill([[1], 2]));
  });

  it('fails if a check failed, and still runs the other parts', () => {
    const { status, text, parts } = measure(
      [{ failed: 'a case' }, { isDone: true }],
      ['--only', 'engine,bench'],
    );
    expect(status).toBe(1);
    expect(text).toContain('FAILED a case');
    expect(parts.map(({ failed }) => failed)).toEqual([['a case'], ['a case']]);
  });

  it('keeps what a page sent before it hung', () => {
    const { status, parts } = measure([{ data: 'early' }], ['--only', 'engine'], 0.05);
    expect(status).toBe(1);
    expect(parts).toMatchObject([{ found: ['early'], failed: ['not done within 6 s'] }]);
  });
});
