import { describe, expect, it } from 'vitest';
import { readKernels } from '../../../tools/train/readKernels.ts';
import { defaultConfig, networkTypes, type RunConfig } from '../../domain/settings/config.ts';
import { hashAt, hashKey } from '../../domain/random.ts';
import type { Backend } from '../backends/backend.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { SimdBackend } from '../backends/simd/backend.ts';
import { forward } from '../backprop.ts';
import { marginPgd } from '../attacks.ts';
import { initialParameters, layerShapes, makeNetwork, type Network } from '../network.ts';
import { Certifier } from './certifier.ts';

interface GoldenCertificate {
  readonly name: string;
  /** [layer][unit][input] */
  readonly W: number[][][];
  readonly b: number[][];
  readonly x: number[][];
  readonly y: number[];
  readonly epsilon: number;
  /** [layer][lower, upper][image][unit] */
  readonly preActivation: number[][][][];
  readonly marginCrown: number[][];
  readonly marginIbp: number[][];
  readonly marginFound: number[][];
}

const golden = Object.values(
  import.meta.glob<{ default: GoldenCertificate }>('./golden/*.json', { eager: true }),
).map((module) => module.default);

const simd = await SimdBackend.create(readKernels);
/** What rounding the vectors' numbers changes: to nine decimals in the files, and weights to float32 with SIMD. */
const backends = [
  { name: 'float64', backend: new Float64Backend(), rounding: 1e-8 },
  { name: 'SIMD', backend: simd, rounding: 1e-6 },
];

function makeGoldenNetwork(backend: Backend, { W, b }: GoldenCertificate): Network {
  const features = W[0]![0]!.length;
  const hiddenLayers = b.slice(0, -1).map(({ length }) => length);
  const shapes = layerShapes({ ...defaultConfig, hiddenLayers }, features, b.at(-1)!.length);
  const parameters = W.map((rows, l) => [
    ...rows[0]!.flatMap((_, i) => rows.map((row) => row[i]!)),
    ...b[l]!,
  ]);
  return makeNetwork(backend, shapes, parameters, 'bce');
}

describe.each(backends)('the golden certificates with $name', ({ backend, rounding }) => {
  it.each(golden)('$name: bounds agree, and lie below the margins that were found', async (one) => {
    const network = makeGoldenNetwork(backend, one);
    const certifier = await Certifier.create(backend, network);
    for (const [image, x] of one.x.entries()) {
      const bounds = await certifier.bound(x, one.y[image]!, one.epsilon);
      one.marginFound[image]!.forEach((found, j) => {
        for (const [bound, expected] of [
          [bounds.crown[j]!, one.marginCrown[image]![j]!],
          [bounds.interval[j]!, one.marginIbp[image]![j]!],
        ] as const) {
          expect(bound).toBeGreaterThanOrEqual(expected - 1e-5);
          expect(bound).toBeLessThanOrEqual(expected + rounding);
          expect(bound).toBeLessThanOrEqual(found + rounding);
        }
      });
      bounds.preactivations.forEach(({ lower, upper }, l) => {
        const [expectedLower, expectedUpper] = one.preActivation[l]!.map((layer) => layer[image]!);
        lower.forEach((value, unit) => expect(value).toBeCloseTo(expectedLower![unit]!, 5));
        upper.forEach((value, unit) => expect(value).toBeCloseTo(expectedUpper![unit]!, 5));
      });
    }
    backend.free(...network.layers.map(({ parameters }) => parameters));
    expect(simd.memory().matrices).toBe(0);
  });
});

it('has all four golden certificates', () => expect(golden).toHaveLength(4));

const features = 12;
const classes = 4;

/** Random networks with weights large enough that units have kinks and bends within the ball. */
function makeRandom(networkType: RunConfig['networkType'], seed: number) {
  const hiddenLayers = seed % 2 === 0 ? [9] : [9, 7];
  const shapes = layerShapes(
    { ...defaultConfig, networkType, maxoutPieces: 3, hiddenLayers },
    features,
    classes,
  );
  const scale = 1 + (seed % 5);
  const parameters = shapes.map((shape, l) =>
    initialParameters(shape, seed, l).map((value) => scale * value),
  );
  const key = hashKey(seed, 'noise', 0, 0);
  const image = Float32Array.from({ length: features }, (_, i) => hashAt(key, i) / 2 ** 32);
  const epsilon = [0.01, 0.03, 0.1, 0.3][seed % 4]!;
  const standardization = seed % 3 === 0 ? { mean: 0.3, deviation: 0.4 } : null;
  const place = (backend: Backend) =>
    makeNetwork(backend, shapes, parameters, 'bce', standardization);
  return { place, image, epsilon, label: seed % classes };
}

describe.each(networkTypes)('certificates of random %s networks', (networkType) => {
  it('are never above a margin at 10,000 random and attacked points', async () => {
    const backend = new Float64Backend();
    for (let seed = 0; seed < 6; seed++) {
      const { place, image, epsilon, label } = makeRandom(networkType, seed);
      const network = place(backend);
      const certifier = await Certifier.create(backend, network);
      const { crown, interval } = await certifier.bound(image, label, epsilon);
      const count = 5000;
      const smallest = new Float64Array(classes).fill(Infinity);
      const read = backend.scope((keep) => {
        const copies = backend.upload(
          Float32Array.from({ length: count * features }, (_, i) => image[i % features]!),
          count,
          features,
        );
        const key = hashKey(seed, 'attackStart', 0, 0);
        const randomKey = hashKey(seed, 'attackSigns', 0, 0);
        const points = [
          backend.addUniformNoise(copies, key, epsilon, true),
          backend.addRandomSigns(copies, randomKey, epsilon, true),
        ];
        // Towards each class in turn, from the random points of fewer copies.
        const few = backend.upload(
          Float32Array.from({ length: 200 * features }, (_, i) => image[i % features]!),
          200,
          features,
        );
        const fewLabels = backend.upload(new Float32Array(200).fill(label), 200, 1);
        for (let target = 0; target < classes; target++) {
          const attack = { epsilon, clip: true, steps: 10, target };
          points.push(marginPgd(backend, network, few, fewLabels, attack, key));
        }
        return points.map((x) => keep(forward(backend, network, x).logits));
      });
      for (const logits of read) {
        const z = await backend.read(logits);
        for (let i = 0; i < z.length; i += classes) {
          for (let j = 0; j < classes; j++) {
            smallest[j] = Math.min(smallest[j]!, z[i + label]! - z[i + j]!);
          }
        }
      }
      smallest.forEach((margin, j) => {
        if (j === label) return;
        expect(crown[j]!).toBeLessThanOrEqual(margin + 1e-12);
        expect(interval[j]!).toBeLessThanOrEqual(margin + 1e-12);
      });
      // A bound that is far below every margin would prove nothing.
      if (epsilon <= 0.01) {
        smallest.forEach((margin, j) => expect(crown[j]!).toBeGreaterThan(margin - 0.5));
      }
    }
  });

  it('are in float32 never above those in float64, and close', async () => {
    const float64 = new Float64Backend();
    for (let seed = 0; seed < 40; seed++) {
      const { place, image, epsilon, label } = makeRandom(networkType, seed);
      const bounds = [];
      for (const backend of [simd, float64]) {
        const network = place(backend);
        const certifier = await Certifier.create(backend, network);
        bounds.push((await certifier.bound(image, label, epsilon)).crown);
        backend.free(...network.layers.map(({ parameters }) => parameters));
      }
      const [inFloat32, inFloat64] = bounds;
      inFloat32!.forEach((bound, j) => {
        if (j === label) return;
        expect(bound).toBeLessThanOrEqual(inFloat64![j]!);
        expect(bound).toBeGreaterThan(inFloat64![j]! - 1e-3 * (1 + Math.abs(inFloat64![j]!)));
      });
    }
  });
});
