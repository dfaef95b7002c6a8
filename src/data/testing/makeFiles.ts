import type { ByteSource } from '../custom/byteSource.ts';

/** A file in memory that is read in small chunks. */
export function sourceOf(name: string, bytes: Uint8Array, chunkSize = 1000): ByteSource {
  return {
    name,
    size: bytes.length,
    open: () => {
      let at = 0;
      return new ReadableStream({
        pull: (controller) => {
          if (at >= bytes.length) controller.close();
          else controller.enqueue(bytes.slice(at, (at += chunkSize)));
        },
      });
    },
  };
}

/** A batch in CIFAR-10's layout: `count` records with values that follow from `seed`. */
export function makeBatch(count: number, seed = 0): Uint8Array<ArrayBuffer> {
  const record = 3073;
  return Uint8Array.from({ length: count * record }, (_, i) => {
    const [index, place] = [Math.floor(i / record), i % record];
    return place === 0 ? (index + seed) % 10 : (31 * index + 7 * place + seed) % 256;
  });
}

/** An entry of a tar archive in the format of old tar programs. */
export function makeTarEntry(
  name: string,
  content: Uint8Array,
  type = '0',
): Uint8Array<ArrayBuffer> {
  const entry = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
  const write = (text: string, at: number) => entry.set(new TextEncoder().encode(text), at);
  write(name, 0);
  write('000644 \0', 100);
  write(`${content.length.toString(8).padStart(11, '0')} `, 124);
  write('00000000000 ', 136);
  write(' '.repeat(8), 148);
  write(type, 156);
  write('ustar  \0', 257);
  const sum = entry.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  entry.set(content, 512);
  return entry;
}

export function makeTar(...entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const end = new Uint8Array(1024);
  const parts = [...entries, end];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
