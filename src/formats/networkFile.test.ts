import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float64Backend } from '../engine/backends/float64/backend.ts';
import { piecesOf } from '../engine/activations.ts';
import { forward } from '../engine/backprop.ts';
import { layerShapes, makeNetwork } from '../engine/network.ts';
import { defaultConfig, networkTypes, type RunConfig } from '../domain/settings/config.ts';
import { LabError } from '../domain/errors.ts';
import {
  encodeNetwork,
  type LayerMatrix,
  linearAsParameters,
  linearShapes,
  parametersAsLinear,
  readNetwork,
} from './networkFile.ts';
import type { Tensor } from './safetensors.ts';
import { decodeSafetensors } from './testing/decodeSafetensors.ts';

const features = 7;
const classes = 3;

function makeLayers(config: RunConfig): LayerMatrix[] {
  let seed = 1;
  return linearShapes(config, features, classes).map(({ fanIn, columns }) => ({
    rows: fanIn + 1,
    columns,
    parameters: Float32Array.from({ length: (fanIn + 1) * columns }, () => Math.sin(seed++)),
  }));
}

function encode(config: RunConfig, more?: Record<string, string>): Uint8Array<ArrayBuffer> {
  const facts = { config, features, classes, stepsTrained: 12, trainSeconds: 1.5 };
  return encodeNetwork(makeLayers(config), facts, more);
}

function read(bytes: Uint8Array<ArrayBuffer>) {
  return readNetwork(new Blob([bytes]));
}

/** PyTorch's computation with the tensors, written independently and in double precision. */
function computeLogits(tensors: readonly Tensor[], config: RunConfig, image: number[]): number[] {
  const activations: Record<RunConfig['networkType'], (z: number[]) => number[]> = {
    logistic: (z) => z.map((value) => 1 / (1 + Math.exp(-value))),
    tanh: (z) => z.map(Math.tanh),
    relu: (z) => z.map((value) => Math.max(0, value)),
    maxout: (z) =>
      Array.from({ length: z.length / config.maxoutPieces }, (_, unit) =>
        Math.max(...z.slice(unit * config.maxoutPieces, (unit + 1) * config.maxoutPieces)),
      ),
  };
  const find = (name: string): Tensor => tensors.find((tensor) => tensor.name === name)!;
  const layers = tensors.length / 2;
  let x = image;
  for (let l = 0; l < layers; l++) {
    const { shape, values } = find(`layers.${l}.weight`);
    const [outputs, inputs] = shape as [number, number];
    const bias = find(`layers.${l}.bias`).values;
    const z = Array.from({ length: outputs }, (_, o) =>
      x.reduce((sum, value, i) => sum + value * values[o * inputs + i]!, bias[o]!),
    );
    x = l < layers - 1 ? activations[config.networkType](z) : z;
  }
  return x;
}

describe('encodeNetwork', () => {
  it.each([...networkTypes])(
    'gives an independent reader the logits of the engine: %s',
    async (networkType) => {
      const config = { ...defaultConfig, networkType, hiddenLayers: [5, 4], maxoutPieces: 3 };
      const image = Array.from({ length: features }, (_, i) => i / features);
      const backend = new Float64Backend();
      const shapes = layerShapes(config, features, classes);
      const parameters = makeLayers(config).map((layer) => layer.parameters);
      const network = makeNetwork(backend, shapes, parameters, config.loss);
      const pass = forward(backend, network, backend.upload(image, 1, features));
      const expected = await backend.read(pass.logits);
      const logits = computeLogits(decodeSafetensors(encode(config)).tensors, config, image);
      expect(logits).toHaveLength(classes);
      logits.forEach((logit, i) => expect(logit).toBeCloseTo(expected[i]!, 12));
    },
  );

  it('has the shapes of the engine’s layers', () => {
    for (const networkType of networkTypes) {
      const config = { ...defaultConfig, networkType, hiddenLayers: [5, 4] };
      expect(linearShapes(config, features, classes)).toEqual(
        layerShapes(config, features, classes).map(({ fanIn, units, activation }) => ({
          fanIn,
          columns: units * piecesOf(activation),
        })),
      );
    }
  });
});

describe('parametersAsLinear', () => {
  it('transposes the weights and separates the biases', () => {
    // Two inputs, three units; biases last.
    const parameters = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect(parametersAsLinear({ rows: 3, columns: 3, parameters })).toEqual({
      weight: Float32Array.of(1, 4, 2, 5, 3, 6),
      bias: Float32Array.of(7, 8, 9),
    });
  });

  it('has an inverse', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([rows, columns]) =>
        fc
          .float32Array({ minLength: rows * columns, maxLength: rows * columns })
          .map((parameters) => ({ rows, columns, parameters })),
      );
    fc.assert(
      fc.property(matrix, (layer) => {
        const { weight, bias } = parametersAsLinear(layer);
        expect(linearAsParameters(weight, bias)).toEqual(layer);
      }),
    );
  });
});

describe('readNetwork', () => {
  const config = { ...defaultConfig, hiddenLayers: [5] };

  it('reads what was written', async () => {
    expect(await read(encode(config))).toEqual({
      layers: makeLayers(config),
      config,
      features,
      classes,
      stepsTrained: 12,
      trainSeconds: 1.5,
    });
  });

  it.each([
    ['no settings', { config: '' }, 'should be JSON'],
    ['settings that are none', { config: '{"epochs":0}' }, 'not those of a run'],
    [
      'settings beyond a limit',
      { config: JSON.stringify({ ...config, epochs: 0 }) },
      '“epochs”: Epochs must be a whole number from 1 to 1000',
    ],
    [
      'other units',
      { config: JSON.stringify({ ...config, hiddenLayers: [6] }) },
      'layers.0.weight should have the shape 6 × 7 by its settings, but has 5 × 7',
    ],
    [
      'another number of layers',
      { config: JSON.stringify({ ...config, hiddenLayers: [5, 3] }) },
      'layers.2.weight should have the shape 3 × 3 by its settings, but is missing',
    ],
    [
      'maxout',
      { config: JSON.stringify({ ...config, networkType: 'maxout' }) },
      'layers.0.weight should have the shape 10 × 7',
    ],
    ['a later version', { version: '2' }, '"version" in its metadata should be "1", but is "2"'],
    ['a number that is none', { stepsTrained: '-1' }, '"stepsTrained" in its metadata'],
    ['endless seconds', { trainSeconds: '1e999' }, '"trainSeconds" in its metadata'],
  ])('refuses %s', async (_, metadata, message) => {
    const reading = read(encode(config, metadata));
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(LabError);
  });

  it('throws only LabError for any metadata', { timeout: 30_000 }, async () => {
    const strings = fc.dictionary(
      fc.constantFrom('config', 'version', 'features', 'classes', 'stepsTrained', '__proto__'),
      fc.oneof(fc.string(), fc.json(), fc.constant('9'.repeat(400)), fc.constant('1')),
    );
    await fc.assert(
      fc.asyncProperty(strings, async (metadata) => {
        try {
          await read(encode(config, metadata));
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
