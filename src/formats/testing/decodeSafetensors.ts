import type { Tensor } from '../safetensors.ts';

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Reads a safetensors file of 32-bit floats; written from the format's description, for tests. */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Tensor[];
  metadata: Record<string, string>;
  dataStart: number;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, dataStart))) as {
    __metadata__: Record<string, string>;
  };
  const { __metadata__: metadata, ...entries } = header;
  let end = 0;
  const tensors = Object.entries(entries as Record<string, Entry>).map(([name, entry]) => {
    const [from, to] = entry.data_offsets;
    if (entry.dtype !== 'F32' || from !== end)
      throw new Error(`${name} is not laid out as it must.`);
    end = to;
    const values = Float32Array.from({ length: (to - from) / 4 }, (_, i) =>
      view.getFloat32(dataStart + from + 4 * i, true),
    );
    return { name, shape: entry.shape, values };
  });
  if (dataStart + end !== bytes.byteLength) throw new Error('Bytes are left over.');
  return { tensors, metadata, dataStart };
}
