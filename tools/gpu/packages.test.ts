import { describe, expect, it } from 'vitest';
import { findClosure } from './packages.ts';

const dependencies: Record<string, string> = {
  'chromium-headless-shell': `chromium-headless-shell
  Depends: libc6
 |Depends: libnss3
  Depends: chromium-common
  Recommends: libunused`,
  'chromium-common': `chromium-common
  Depends: xdg-utils
  Depends: libnss3`,
  libnss3: `libnss3
  PreDepends: libnspr4
  Depends: <libvirtual>`,
  libegl1: `libegl1
  Depends: libegl-mesa0
  Depends: libglvnd0`,
};

describe('findClosure', () => {
  it('follows libraries, but neither drivers nor the C library nor scripts', () => {
    const found = findClosure(['chromium-headless-shell', 'libegl1'], (names) =>
      names.map((name) => dependencies[name] ?? name).join('\n'),
    );
    expect(found).toEqual([
      'chromium-common',
      'chromium-headless-shell',
      'libegl1',
      'libglvnd0',
      'libnspr4',
      'libnss3',
    ]);
  });
});
