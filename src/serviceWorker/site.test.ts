import { describe, expect, it } from 'vitest';
import { findPath, withHeaders } from './site.ts';

const scope = 'https://host.test/lab/';
const site = { files: { 'index.html': '', 'favicon.svg': '' } };

function find(address: string, { method = 'GET', mode = 'no-cors' } = {}): string | null {
  const url = new URL(address, scope).href;
  return findPath({ method, mode: mode as RequestMode, url }, scope, site);
}

describe('findPath', () => {
  it.each([
    ['', 'index.html'],
    ['index.html', 'index.html'],
    ['favicon.svg', 'favicon.svg'],
    // A page that another version opened asks for that version's files.
    ['assets/older-abc.js', 'assets/older-abc.js'],
  ])('knows %s', (address, path) => {
    expect(find(address)).toBe(path);
  });

  it.each([
    ['a file of another site in a folder below', 'other/index.html'],
    ['a folder above', '../'],
    ['another origin', 'https://other.test/lab/favicon.svg'],
    ['data, which have a cache of their own', 'data/mnist/labels.bin'],
    ['what every object has', 'constructor'],
    ['a file with parameters', 'favicon.svg?1'],
  ])('leaves %s to the browser', (_, address) => {
    expect(find(address)).toBeNull();
  });

  it('opens a link with added parameters', () => {
    expect(find('?utm_source=mail#v=1', { mode: 'navigate' })).toBe('index.html');
  });

  it('answers no other method', () => {
    expect(find('', { method: 'HEAD' })).toBeNull();
  });
});

describe('withHeaders', () => {
  it('adds what the host does not send, and keeps what it sends', () => {
    const sent = new Headers({ 'Content-Type': 'text/html', 'X-Frame-Options': 'DENY', A: 'host' });
    expect(Object.fromEntries(withHeaders(sent, { A: 'ours', B: 'ours' }))).toEqual({
      'content-type': 'text/html',
      'x-frame-options': 'DENY',
      a: 'host',
      b: 'ours',
    });
  });

  it('says nothing of a compression that is undone', () => {
    const sent = new Headers({ 'Content-Encoding': 'gzip', 'Content-Length': '10' });
    expect([...withHeaders(sent, {})]).toEqual([]);
  });
});
