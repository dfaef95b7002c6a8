import type { Backend, Matrix } from '../engine/backends/backend.ts';
import type { Network } from '../engine/network.ts';

/** A named array of 32-bit floats, row by row. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The header ends at a multiple of this, so that the floats are aligned. */
const alignment = 8;

/**
 * The safetensors layout: the header's length as a little-endian 64-bit integer, the header as JSON
 * padded with spaces, then the tensors one after another
 * (https://huggingface.co/docs/safetensors#format).
 *
 * @param metadata strings to keep beside the tensors
 */
export function encodeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const { name, shape, values } of tensors) {
    const end = length + values.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [length, end] };
    length = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + headerLength + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength).set(json, 8);
  let at = 8 + headerLength;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** Weights [columns, fanIn] and biases [columns] of parameters [fanIn + 1, columns]. */
export function parametersAsLinear(
  parameters: ArrayLike<number>,
  { rows, columns }: Matrix,
): { weight: Float32Array; bias: Float32Array } {
  const fanIn = rows - 1;
  const weight = new Float32Array(columns * fanIn);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < fanIn; row++) {
      weight[column * fanIn + row] = parameters[row * columns + column]!;
    }
  }
  const bias = Float32Array.from({ length: columns }, (_, i) => parameters[fanIn * columns + i]!);
  return { weight, bias };
}

/**
 * A network's parameters as PyTorch's nn.Linear keeps them: `layers.<l>.weight`
 * [units × pieces, fanIn] and `layers.<l>.bias` [units × pieces], input side first. A maxout unit's
 * pieces are rows next to one another.
 */
export async function networkTensors(backend: Backend, network: Network): Promise<Tensor[]> {
  const tensors: Tensor[] = [];
  for (const [l, { parameters }] of network.layers.entries()) {
    const { weight, bias } = parametersAsLinear(await backend.read(parameters), parameters);
    const { rows, columns } = parameters;
    tensors.push({ name: `layers.${l}.weight`, shape: [columns, rows - 1], values: weight });
    tensors.push({ name: `layers.${l}.bias`, shape: [columns], values: bias });
  }
  return tensors;
}
