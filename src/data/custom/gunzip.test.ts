import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip } from './gunzip.ts';

const data = Uint8Array.from({ length: 120_000 }, (_, i) => ((i * i) % 251) ^ (i >> 9));

async function unpack(bytes: Uint8Array, chunkSize: number): Promise<Uint8Array> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) {
      yield await Promise.resolve(bytes.subarray(at, at + chunkSize));
    }
  }
  const parts: Uint8Array[] = [];
  for await (const part of gunzip(chunks())) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

const members = (...cuts: readonly number[]): Uint8Array => {
  const ends = [...cuts, data.length];
  const starts = [0, ...cuts];
  return new Uint8Array(
    Buffer.concat(starts.map((from, i) => gzipSync(data.subarray(from, ends[i])))),
  );
};

describe('gunzip', () => {
  it.each([
    ['one member', gzipSync(data)],
    ['two members', members(60_000)],
    ['many members, some of them empty', members(0, 1, 1, 7, 90_000, 90_001, 119_999)],
    ['stored data', gzipSync(data, { level: 0 })],
  ])('reads %s in chunks of any size', async (_, packed) => {
    for (const size of [97, 1000, 65_536, 1e7]) {
      expect(Buffer.compare(await unpack(packed, size), data)).toBe(0);
    }
  });

  it('refuses every cut and every changed byte', async () => {
    const packed = new Uint8Array(
      Buffer.concat([gzipSync(data.subarray(0, 900)), gzipSync(data.subarray(900, 1500))]),
    );
    const cuts = Array.from({ length: 60 }, (_, i) => packed.length - 1 - i * 9).filter(
      (n) => n > 0,
    );
    const first = gzipSync(data.subarray(0, 900)).length;
    for (const cut of cuts.filter((n) => n !== first)) {
      await expect(unpack(packed.subarray(0, cut), 100)).rejects.toThrow();
    }
    for (let at = 10; at < packed.length; at += 13) {
      if (at >= first && at < first + 10) continue; // in a header are fields that mean nothing
      const changed = packed.slice();
      changed[at]! ^= 0x10;
      await expect(unpack(changed, 100)).rejects.toThrow();
    }
  });
});
