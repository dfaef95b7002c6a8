import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, parametersAsLinear } from './safetensors.ts';
import { decodeSafetensors } from './testing/decodeSafetensors.ts';

describe('encodeSafetensors', () => {
  it('gives back what went in, whatever the shapes', () => {
    const tensor = fc
      .tuple(fc.nat(5), fc.nat(5), fc.infiniteStream(fc.float()))
      .map(([rows, columns, numbers]) => ({
        shape: [rows, columns],
        values: Float32Array.from(numbers.take(rows * columns)),
      }));
    const metadata = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(fc.array(tensor, { maxLength: 4 }), metadata, (unnamed, strings) => {
        const tensors = unnamed.map((each, i) => ({ name: `layers.${i}.weight`, ...each }));
        const decoded = decodeSafetensors(encodeSafetensors(tensors, strings));
        expect(decoded.tensors).toEqual(tensors);
        expect(decoded.metadata).toEqual({ ...strings });
        expect(decoded.dataStart % 8).toBe(0);
      }),
    );
  });
});

describe('parametersAsLinear', () => {
  it('transposes the weights and parts the biases', () => {
    // Two inputs, three units; biases last.
    const parameters = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(parametersAsLinear(parameters, { rows: 3, columns: 3 })).toEqual({
      weight: Float32Array.of(1, 4, 2, 5, 3, 6),
      bias: Float32Array.of(7, 8, 9),
    });
  });
});
