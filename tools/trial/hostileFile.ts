import { gzipSync } from 'node:zlib';
import type { Chance } from './chance.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A file that is wrong in its own way, and how the page reads it. */
export interface HostileFile {
  readonly kind: string;
  /** Whether nothing is wrong with it, so that it must be read: otherwise its spoiled copies would show nothing. */
  readonly isSound?: boolean;
  readonly read: () => Promise<unknown>;
}

/** Ways to spoil any file. */
export function spoil(bytes: Bytes, { below }: Chance): Record<string, Bytes> {
  const cut = (length: number) => bytes.slice(0, length);
  const flipped = (most: number) => {
    const copy = bytes.slice();
    for (let i = 0; i < 20; i++) copy[below(Math.min(most, copy.length))]! ^= 1 << below(8);
    return copy;
  };
  return {
    empty: cut(0),
    'one byte': cut(1),
    '8 bytes': cut(8),
    'the first half': cut(bytes.length >> 1),
    'one byte too few': cut(bytes.length - 1),
    'one byte too many': Uint8Array.from([...bytes, 0]),
    twice: Uint8Array.from([...bytes, ...bytes]),
    zeros: new Uint8Array(bytes.length),
    'all 255': new Uint8Array(bytes.length).fill(255),
    noise: Uint8Array.from({ length: Math.min(bytes.length, 10_000) }, () => below(256)),
    'bits flipped in front': flipped(64),
    'bits flipped anywhere': flipped(bytes.length),
    'a page of a web server': new TextEncoder().encode('<!doctype html><title>404</title>'),
    gzipped: new Uint8Array(gzipSync(bytes)),
  };
}
