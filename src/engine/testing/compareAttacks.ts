import type { ImageSet } from '../../data/imageSet.ts';
import type { Attack, AttackLoss } from '../../domain/metrics.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { Backend, LayerOutput, Matrix } from '../backends/backend.ts';
import { attackGradient, forward, type ForwardPass } from '../backprop.ts';
import { evaluate } from '../evaluate.ts';
import { layerShapes, makeNetwork, type Network } from '../network.ts';

/** A network whose weights can be put on any backend. */
export interface PortableNetwork {
  readonly config: RunConfig;
  /** Input side first, as in a network's file. */
  readonly parameters: readonly Float32Array[];
}

/** Copies that are more confident: all parameters, or those of the output layer alone, times a factor. */
export function confidentCopies({ config, parameters }: PortableNetwork) {
  const scaled = (factor: number, first: number): PortableNetwork => ({
    config,
    parameters: parameters.map((layer, l) =>
      l < first ? layer : layer.map((value) => factor * value),
    ),
  });
  const output = parameters.length - 1;
  return {
    'as it is': scaled(1, 0),
    'all × 3': scaled(3, 0),
    'output × 10': scaled(10, output),
    'output × 100': scaled(100, output),
  };
}
export type ConfidentCopy = keyof ReturnType<typeof confidentCopies>;

/** The network on a backend. */
export function placeNetwork(
  backend: Backend,
  { config, parameters }: PortableNetwork,
  { features, classes }: Pick<ImageSet, 'features' | 'classes'>,
): Network {
  return makeNetwork(backend, layerShapes(config, features, classes), parameters, config.loss);
}

export interface SignComparison {
  /** Images whose gradient is 0 everywhere. */
  zeroGradients: number;
  /** Elements larger than 1e-5 of the largest one of their image. */
  compared: number;
  /** Those of them whose signs differ. */
  different: number;
}

/**
 * Compares the signs of an attack's gradient on two backends. Both start from the forward pass of the tested one, because
 * units near a kink, and logits in the thousands, depend on how a forward pass rounds.
 */
export async function compareAttackSigns(
  tested: Backend,
  reference: Backend,
  portable: PortableNetwork,
  set: ImageSet,
  count: number,
  loss: AttackLoss,
): Promise<SignComparison> {
  const onTested = placeNetwork(tested, portable, set);
  const onReference = placeNetwork(reference, portable, set);
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const { pass, labels, gradient } = tested.scope((keep) => {
    const y = keep(tested.loadLabels(set, indices));
    const own = forward(tested, onTested, tested.loadImages(set, indices));
    for (const { output, preactivation } of own.hidden) {
      keep(output);
      if (preactivation) keep(preactivation);
    }
    keep(own.logits);
    return {
      pass: own,
      labels: y,
      gradient: keep(attackGradient(tested, onTested, own, y, loss)),
    };
  });
  const found = await tested.read(gradient);
  /** Reads a matrix from the tested backend, frees it there, and puts it on the reference. */
  const move = async (matrix: Matrix): Promise<Matrix> => {
    const moved = reference.upload(await tested.read(matrix), matrix.rows, matrix.columns);
    tested.free(matrix);
    return moved;
  };
  const hidden: LayerOutput[] = [];
  for (const { output, preactivation } of pass.hidden) {
    hidden.push({
      output: await move(output),
      preactivation: preactivation && (await move(preactivation)),
    });
  }
  const moved: ForwardPass = { inputs: [], hidden, masks: null, logits: await move(pass.logits) };
  const expected = await reference.read(
    attackGradient(reference, onReference, moved, await move(labels), loss),
  );
  tested.free(gradient, ...onTested.layers.map(({ parameters }) => parameters));
  const comparison: SignComparison = { zeroGradients: 0, compared: 0, different: 0 };
  for (let image = 0; image < count; image++) {
    const rowOf = (values: Float32Array | Float64Array) =>
      Float64Array.from(values.subarray(image * set.features, (image + 1) * set.features));
    const [foundRow, expectedRow] = [rowOf(found), rowOf(expected)];
    if (foundRow.every((g) => g === 0)) comparison.zeroGradients++;
    const threshold = 1e-5 * expectedRow.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    expectedRow.forEach((g, i) => {
      if (Math.abs(g) <= threshold) return;
      comparison.compared++;
      if (Math.sign(g) !== Math.sign(foundRow[i]!)) comparison.different++;
    });
  }
  return comparison;
}

/** Number of the first `count` images that a backend's network misclassifies under an attack. */
export async function countErrors(
  backend: Backend,
  portable: PortableNetwork,
  set: ImageSet,
  count: number,
  attack: Attack,
): Promise<number> {
  const network = placeNetwork(backend, portable, set);
  const noYield = () => Promise.resolve();
  const { adversarial } = await evaluate(backend, network, set, count, attack, noYield);
  backend.free(...network.layers.map(({ parameters }) => parameters));
  return Math.round(adversarial.errorRate * count);
}

/** The attacks whose counts are compared, clipped at ε = 0.08. */
export const comparedAttacks: readonly Attack[] = [
  { kind: 'fgsm', epsilon: 0.08, clip: true },
  { kind: 'pgd', epsilon: 0.08, clip: true, steps: 20, stepSize: 0.01, seed: 1 },
  { kind: 'margin-pgd', epsilon: 0.08, clip: true, steps: 20, seed: 1 },
];
