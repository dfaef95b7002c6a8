import type { Backend, Matrix } from '../backends/backend.ts';
import type { Network } from '../network.ts';
import { chunkSizeOf } from '../pieces.ts';
import { readResults } from '../readResults.ts';
import {
  activationBounds,
  affineBounds,
  ballAround,
  type CertifiedLayer,
  type Interval,
  intervalMargins,
  marginRows,
  smallestProducts,
  sumError,
} from './intervals.ts';
import { findLines, type Lines } from './lines.ts';

/** Lower bounds of the margins z_y − z_j of one image, [classes]; 0 at the label. */
export interface MarginBounds {
  /** By linear relaxation, CROWN. */
  readonly crown: Float64Array;
  /** By interval bound propagation, IBP. */
  readonly interval: Float64Array;
  /** CROWN's bounds of z at each hidden layer. */
  readonly preactivations: readonly Interval[];
}

/** Fewest and most rows of coefficients that go through the layers together. */
const [fewestRows, mostRows] = [16, 256];

/** The largest relative error of one addition or multiplication. GLSL does not say how a GPU rounds: it may cut off. */
function unitRoundoffOf({ description: { name, isFloat32 } }: Backend): number {
  if (!isFloat32) return 2 ** -53;
  return name === 'WebGL' ? 2 ** -22 : 2 ** -24;
}

/** A hidden layer of a network for one image. */
interface RelaxedLayer {
  readonly layer: CertifiedLayer;
  readonly lines: Lines;
  /** Σ_i |w_ic| max |x_i| of each column, where x is the layer's input: what a rounded coefficient may change. */
  readonly magnitudes: Float64Array;
}

/**
 * Proves that no attack can change a network's prediction: lower bounds of all margins over every image x̃ with
 * |x̃ − x| ≤ ε in each pixel and x̃ in [0, 1].
 *
 * CROWN (Zhang et al. 2018, arXiv 1811.00866, theorem 3.2): between a line below and a line above each unit, the
 * margin is at least a linear function of the image, which is found by going backward through the layers; bounds of
 * the hidden layers are found in the same way, layer by layer. The products with the weights are computed by the
 * backend, everything else in float64. A product of float32 numbers may be wrong by γ Σ |a_k| |w_ki| with
 * γ = (n + 2) u (Higham 2002, section 3.1); the bounds are lowered by as much, so that they hold for the real numbers.
 */
export class Certifier {
  readonly #backend: Backend;
  readonly #network: Network;
  readonly #layers: readonly CertifiedLayer[];
  readonly #unitRoundoff: number;
  readonly #yieldToEventLoop: () => Promise<void>;
  readonly #rows = new Map<CertifiedLayer, { rows: Float64Array; constants: Float64Array }>();

  private constructor(
    backend: Backend,
    network: Network,
    layers: readonly CertifiedLayer[],
    yieldToEventLoop: () => Promise<void>,
  ) {
    this.#backend = backend;
    this.#network = network;
    this.#layers = layers;
    this.#yieldToEventLoop = yieldToEventLoop;
    this.#unitRoundoff = unitRoundoffOf(backend);
  }

  /**
   * @param network must stay alive, and unchanged, while the certifier is used
   * @param yieldToEventLoop awaited between parts of a proof; throws to stop
   */
  static async create(
    backend: Backend,
    network: Network,
    yieldToEventLoop: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Certifier> {
    const layers: CertifiedLayer[] = [];
    for (const { parameters, activation } of network.layers) {
      const { rows, columns } = parameters;
      const values = Float64Array.from(await backend.read(parameters));
      await yieldToEventLoop();
      layers.push({
        fanIn: rows - 1,
        columns,
        activation,
        weights: values.subarray(0, (rows - 1) * columns),
        biases: values.subarray((rows - 1) * columns),
      });
    }
    return new Certifier(backend, network, layers, yieldToEventLoop);
  }

  /**
   * @param image [features], 0 to 1, in the network's pixel order
   * @param label the class whose margins are bounded
   * @param epsilon largest change of a pixel on the [0, 1] scale
   */
  async bound(image: ArrayLike<number>, label: number, epsilon: number): Promise<MarginBounds> {
    const input = this.#standardized(ballAround(image, epsilon));
    const interval = intervalMargins(this.#layers, input, label);
    return { ...(await this.#boundMargins(input, label)), interval };
  }

  /** CROWN's bounds of the margins, and of the hidden layers on the way. */
  async #boundMargins(input: Interval, label: number): Promise<Omit<MarginBounds, 'interval'>> {
    const relaxed: RelaxedLayer[] = [];
    const preactivations: Interval[] = [];
    let layerInput = input;
    for (const layer of this.#layers.slice(0, -1)) {
      const direct = affineBounds(layer, layerInput);
      const z = relaxed.length === 0 ? direct : await this.#boundLayer(layer, relaxed, input);
      preactivations.push({ lower: z.lower, upper: z.upper });
      const { magnitudes } = direct;
      relaxed.push({ layer, lines: findLines(layer.activation, z), magnitudes });
      layerInput = activationBounds(layer.activation, z);
    }
    const { rows, constants } = marginRows(this.#layers.at(-1)!, label);
    const crown = await this.#lowerBounds(rows, constants, relaxed, input);
    crown[label] = 0;
    return { crown, preactivations };
  }

  /** Whether no attack within ε changes the prediction `label`: a proof, by either bound. */
  async isSafe(image: ArrayLike<number>, label: number, epsilon: number): Promise<boolean> {
    const input = this.#standardized(ballAround(image, epsilon));
    const byIntervals = intervalMargins(this.#layers, input, label);
    if (byIntervals.every((bound, j) => j === label || bound > 0)) return true;
    await this.#yieldToEventLoop();
    const { crown, preactivations } = await this.#boundMargins(input, label);
    // Bounds that overflowed prove nothing.
    const areFinite = preactivations.every(({ lower, upper }) =>
      [lower, upper].every((bounds) => bounds.every(Number.isFinite)),
    );
    return (
      areFinite && crown.every((bound, j) => j === label || Math.max(bound, byIntervals[j]!) > 0)
    );
  }

  #standardized({ lower, upper }: Interval): Interval {
    const { standardization } = this.#network;
    if (standardization === null) return { lower, upper };
    const { mean, deviation: std } = standardization;
    const standardize = (pixel: number) => (pixel - mean) / std;
    return { lower: lower.map(standardize), upper: upper.map(standardize) };
  }

  /** Bounds of a hidden layer's z: lower bounds of z and of −z. */
  async #boundLayer(
    layer: CertifiedLayer,
    below: readonly RelaxedLayer[],
    input: Interval,
  ): Promise<Interval> {
    const { rows, constants } = await this.#rowsOf(layer);
    const bounds = await this.#lowerBounds(rows, constants, below, input);
    const { columns } = layer;
    return {
      lower: bounds.subarray(0, columns),
      upper: bounds.subarray(columns).map((bound) => -bound),
    };
  }

  /** z and −z of a hidden layer as functions of its input, [2 columns × fanIn]: the same for every image. */
  async #rowsOf(layer: CertifiedLayer): Promise<{ rows: Float64Array; constants: Float64Array }> {
    const known = this.#rows.get(layer);
    if (known !== undefined) return known;
    const { fanIn, columns, weights, biases } = layer;
    const rows = new Float64Array(2 * columns * fanIn);
    const constants = new Float64Array(2 * columns);
    for (let c = 0; c < columns; c++) {
      constants[c] = biases[c]!;
      constants[columns + c] = -biases[c]!;
      for (let i = 0; i < fanIn; i++) {
        rows[c * fanIn + i] = weights[i * columns + c]!;
        rows[(columns + c) * fanIn + i] = -weights[i * columns + c]!;
      }
      if (c % mostRows === mostRows - 1) await this.#yieldToEventLoop();
    }
    const made = { rows, constants };
    this.#rows.set(layer, made);
    return made;
  }

  /**
   * Lower bounds of rows · h + constants over the images, where h is the output of the uppermost of the layers.
   *
   * @param rows [m × units]
   */
  async #lowerBounds(
    rows: Float64Array,
    constants: Float64Array,
    layers: readonly RelaxedLayer[],
    input: Interval,
  ): Promise<Float64Array> {
    const width = rows.length / constants.length;
    const all = new Float64Array(constants.length);
    const weights = layers.reduce((sum, { layer }) => sum + layer.weights.length, 0);
    const rowsAtOnce = chunkSizeOf(weights, fewestRows, mostRows);
    for (let from = 0; from < constants.length; from += rowsAtOnce) {
      const bounds = constants.slice(from, from + rowsAtOnce);
      let coefficients: ArrayLike<number> = rows.subarray(
        from * width,
        (from + bounds.length) * width,
      );
      for (let l = layers.length - 1; l >= 0; l--) {
        const { layer, lines, magnitudes } = layers[l]!;
        const onColumns = relax(coefficients, bounds, lines);
        const gamma = (layer.columns + 2) * this.#unitRoundoff * 1.01;
        addAffine(onColumns, bounds, layer, magnitudes, gamma);
        coefficients = await this.#timesWeights(onColumns, bounds.length, l);
      }
      all.set(smallestProducts(coefficients, bounds, input), from);
      if (constants.length > rowsAtOnce) await this.#yieldToEventLoop();
    }
    return all;
  }

  /** a Wᵀ: coefficients of a layer's z become coefficients of its input, [m × fanIn]. */
  async #timesWeights(
    coefficients: Float64Array,
    count: number,
    l: number,
  ): Promise<ArrayLike<number>> {
    const { parameters } = this.#network.layers[l]!;
    const { product } = await readResults(this.#backend, (): { product: Matrix } => ({
      product: this.#backend.inputGradient(
        this.#backend.upload(coefficients, count, parameters.columns),
        parameters,
      ),
    }));
    return product;
  }
}

/**
 * Coefficients of h become coefficients of z by the lines: the lower line where a coefficient is positive, the upper
 * one where it is negative. Adds the intercepts to the bounds.
 */
function relax(
  coefficients: ArrayLike<number>,
  bounds: Float64Array,
  { lowerSlopes, upperSlopes, lowerIntercepts, upperIntercepts }: Lines,
): Float64Array {
  const units = lowerIntercepts.length;
  const columns = lowerSlopes.length;
  const pieces = columns / units;
  const relaxed = new Float64Array(bounds.length * columns);
  for (let row = 0; row < bounds.length; row++) {
    let sum = 0;
    let size = 0;
    for (let unit = 0; unit < units; unit++) {
      const a = coefficients[row * units + unit]!;
      const isPositive = a > 0;
      const slopes = isPositive ? lowerSlopes : upperSlopes;
      const term = a * (isPositive ? lowerIntercepts[unit]! : upperIntercepts[unit]!);
      sum += term;
      size += Math.abs(term);
      for (let c = unit * pieces; c < (unit + 1) * pieces; c++) {
        relaxed[row * columns + c] = a * slopes[c]!;
      }
    }
    bounds[row]! += sum - sumError * size;
  }
  return relaxed;
}

/** Adds the biases to the bounds, and subtracts what the backend's product may be wrong by. */
function addAffine(
  coefficients: Float64Array,
  bounds: Float64Array,
  { columns, biases }: CertifiedLayer,
  magnitudes: Float64Array,
  gamma: number,
): void {
  for (let row = 0; row < bounds.length; row++) {
    let sum = 0;
    let error = 0;
    for (let c = 0; c < columns; c++) {
      const a = coefficients[row * columns + c]!;
      sum += a * biases[c]!;
      error += Math.abs(a) * (gamma * magnitudes[c]! + sumError * Math.abs(biases[c]!));
    }
    bounds[row]! += sum - error;
  }
}
