import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../domain/errors.ts';
import { encodeSafetensors, maxHeaderBytes, openSafetensors, type Tensor } from './safetensors.ts';
import { decodeSafetensors as decodeIndependently } from './testing/decodeSafetensors.ts';

/** All tensors of a file, by the page's own reader. */
async function decodeSafetensors(bytes: Uint8Array<ArrayBuffer>) {
  const { entries, metadata: strings, readTensor } = await openSafetensors(new Blob([bytes]));
  const read: Tensor[] = [];
  for (const { name, shape } of entries) {
    read.push({ name, shape, values: await readTensor(name) });
  }
  return { tensors: read, metadata: strings };
}

const tensor = fc
  .tuple(fc.nat(5), fc.nat(5), fc.infiniteStream(fc.float()))
  .map(([rows, columns, numbers]) => ({
    shape: [rows, columns],
    values: Float32Array.from(numbers.take(rows * columns)),
  }));
const tensors = fc
  .array(tensor, { maxLength: 4 })
  .map((unnamed) => unnamed.map((each, i) => ({ name: `layers.${i}.weight`, ...each })));
const metadata = fc.dictionary(fc.string(), fc.string());

afterEach(() => vi.unstubAllGlobals());

describe('encodeSafetensors', () => {
  it('writes tensors of any shapes that an independent reader and its own reader read back', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (written, strings) => {
        const bytes = encodeSafetensors(written, strings);
        const independent = decodeIndependently(bytes);
        expect(independent.tensors).toEqual(written);
        expect(independent.metadata).toEqual({ ...strings });
        expect(independent.dataStart % 8).toBe(0);
        // Tensors without values may be swapped with others at the same byte.
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        const own = await decodeSafetensors(bytes);
        expect([...own.tensors].sort(byName)).toEqual(written);
        expect(own.metadata).toEqual({ ...strings });
      }),
    );
  });
});

describe('half precision', () => {
  it('uses two bytes per number, in little-endian order', async () => {
    const values = Float32Array.of(1, -2, 1 / 3, 2 ** -24);
    const bytes = encodeSafetensors([{ name: 'a', shape: [2, 2], values }], { note: 'x' }, 'F16');
    expect([...bytes.subarray(-8)]).toEqual([0, 0x3c, 0, 0xc0, 0x55, 0x35, 1, 0]);
    expect(new TextDecoder().decode(bytes.subarray(8, -8))).toContain('"dtype":"F16"');
    const { tensors: read, metadata: strings } = await decodeSafetensors(bytes);
    expect(read).toEqual([
      { name: 'a', shape: [2, 2], values: Float32Array.of(1, -2, 0.333251953125, 2 ** -24) },
    ]);
    expect(strings).toEqual({ note: 'x' });
  });

  it('of other kinds is read: brain floats and doubles', async () => {
    const bits = [0x3f80, 0xc000, 0x3eab]; // 1, −2, about 1/3
    const brain = makeFile({ a: { dtype: 'BF16', shape: [3], data_offsets: [0, 6] } }, 6);
    const view = new DataView(brain.buffer, brain.length - 6);
    bits.forEach((value, i) => view.setUint16(2 * i, value, true));
    expect((await decodeSafetensors(brain)).tensors[0]!.values).toEqual(
      Float32Array.of(1, -2, 0.333984375),
    );
    const double = makeFile({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, 8);
    new DataView(double.buffer, double.length - 8).setFloat64(0, 0.1, true);
    expect((await decodeSafetensors(double)).tensors[0]!.values).toEqual(Float32Array.of(0.1));
  });

  it('refuses to write numbers it cannot represent, and to read a wrong shape', async () => {
    const large = { name: 'a', shape: [1], values: Float32Array.of(70_000) };
    expect(() => encodeSafetensors([large], {}, 'F16')).toThrow(RangeError);
    const file = makeFile({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 8] } }, 8);
    await expect(decodeSafetensors(file)).rejects.toThrow('should take 4 bytes, but takes 8');
  });
});

/** A file with any header. */
function makeFile(header: unknown, dataBytes: number): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const f32 = (shape: unknown, offsets: unknown) => ({ dtype: 'F32', shape, data_offsets: offsets });

describe('openSafetensors', () => {
  const whole = encodeSafetensors(
    [{ name: 'a', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    { note: 'x' },
  );

  it.each([
    ['nothing', new Uint8Array(), 'should begin with 8 bytes of length, but has 0 bytes'],
    ['a truncated file', whole.subarray(0, -5), '"a" should lie within 19 bytes of data'],
    ['a truncated header', whole.subarray(0, 20), 'but only 12 follow'],
    ['an oversized file', makeFile({ a: f32([1], [0, 4]) }, 8), 'fill 8 bytes of data, but fill 4'],
    [
      'a header that claims to be huge',
      Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 123, 125),
      `should have at most ${maxHeaderBytes.toLocaleString('en-US')} bytes, but claims 18,446,744,073,709,551,615`,
    ],
    ['a header that is no JSON', makeFile('{"a":', 0), 'should be a JSON object'],
    ['a header that is no object', makeFile([], 0), 'should be a JSON object'],
    ['another type', makeFile({ a: { dtype: 'I64' } }, 2), 'has "I64"'],
    [
      'no type',
      makeFile({ a: {} }, 0),
      '"a" should have the type "F32", "F16", "BF16" or "F64" (floats), but has none',
    ],
    ['an entry that is no object', makeFile({ a: 1 }, 0), 'but is 1'],
    ['a fraction as a length', makeFile({ a: f32([0.5], [0, 2]) }, 2), 'but is [0.5]'],
    ['a negative offset', makeFile({ a: f32([1], [-4, 0]) }, 0), 'but has [-4,0]'],
    [
      'a shape that does not fit its bytes',
      makeFile({ a: f32([2], [0, 4]) }, 4),
      'should take 8 bytes, but takes 4',
    ],
    [
      'a shape beyond all numbers',
      makeFile({ a: f32(new Array(8).fill(2 ** 52), [0, 4]) }, 4),
      'but takes 4',
    ],
    [
      'a shape of too many dimensions',
      makeFile({ a: f32(new Array(9).fill(1), [0, 4]) }, 4),
      'shape',
    ],
    [
      'a gap',
      makeFile({ a: f32([1], [0, 4]), b: f32([1], [8, 12]) }, 12),
      '"b" should begin at byte 4 of the data, but leaves a gap before it',
    ],
    ['an overlap', makeFile({ a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, 8), 'overlaps'],
    ['the same bytes twice', makeFile({ a: f32([1], [0, 4]), b: f32([1], [0, 4]) }, 4), 'overlaps'],
    ['metadata that are no strings', makeFile({ __metadata__: { a: 1 } }, 0), 'metadata'],
    ['metadata that are a list', makeFile({ __metadata__: ['a'] }, 0), 'metadata'],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(decodeSafetensors(bytes)).rejects.toThrow(message);
    await expect(decodeSafetensors(bytes)).rejects.toThrow(LabError);
  });

  it(
    'throws only LabError and allocates no more than the file, for any bytes',
    { timeout: 60_000 },
    async () => {
      let allocated = 0;
      vi.stubGlobal(
        'Float32Array',
        class extends Float32Array {
          constructor(length: number) {
            super(length);
            allocated += 4 * length;
          }
        },
      );
      const isRefused = async (bytes: Uint8Array<ArrayBuffer>): Promise<boolean> => {
        allocated = 0;
        try {
          await decodeSafetensors(bytes);
          return false;
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
          return true;
        } finally {
          expect(allocated).toBeLessThanOrEqual(bytes.length);
        }
      };
      const mutation = fc.record({
        at: fc.nat(whole.length - 1),
        byte: fc.nat(255),
        cut: fc.nat(whole.length),
        more: fc.uint8Array({ maxLength: 9 }),
      });
      const number = fc.oneof(fc.nat(16), fc.double(), fc.constant(-1), fc.constant(2 ** 53));
      const field = fc.oneof(fc.array(number, { maxLength: 4 }), fc.jsonValue());
      const entry = fc.record({
        dtype: fc.constantFrom('F32', 'F16', 'BF16', 'F64', 'I8', '__proto__'),
        shape: field,
        data_offsets: field,
      });
      const inconsistent = fc.dictionary(
        fc.constantFrom('a', 'b', '__proto__', '__metadata__'),
        fc.oneof(entry, fc.jsonValue()),
      );
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
          await isRefused(Uint8Array.from(bytes));
        }),
        { numRuns: 2000 },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
          let bytes = Uint8Array.from(whole);
          for (const { at, byte } of mutations) bytes[at] = byte;
          await isRefused(bytes);
          const { cut, more } = mutations[0]!;
          bytes = Uint8Array.from([...bytes.subarray(0, cut), ...more]);
          await isRefused(bytes);
          // Only the whole file has its length.
          if (cut + more.length !== whole.length) {
            const cutFile = Uint8Array.from([...whole.subarray(0, cut), ...more]);
            expect(await isRefused(cutFile)).toBe(true);
          }
        }),
        { numRuns: 3000 },
      );
      await fc.assert(
        fc.asyncProperty(inconsistent, fc.nat(32), async (header, length) => {
          await isRefused(makeFile(header, length));
        }),
        { numRuns: 3000 },
      );
    },
  );
});
