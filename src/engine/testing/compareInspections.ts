import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { inspectedMethods, type StepInspection } from '../../domain/analysis/stepInspection.ts';
import { stateCount } from '../../domain/checkpoint.ts';
import type { Backend } from '../backends/backend.ts';
import { inspectStep } from '../analysis/inspectStep.ts';
import { initialParameters, layerShapes, makeNetwork } from '../network.ts';
import { updateRule } from '../optimizers.ts';
import { syntheticImages } from './syntheticImages.ts';
import type { Differences } from './compareOperations.ts';

type Inspection = Omit<StepInspection, 'hasOptimizerMemory'>;

/** All numbers of an inspected step, by name. */
export function inspectedNumbers(inspection: Inspection): Record<string, ArrayLike<number>> {
  const { clean, inputGradient, methods, step, epsilon, label, image } = inspection;
  const numbers: Record<string, ArrayLike<number>> = {
    facts: [step, epsilon, label],
    image,
    'clean probabilities': clean.probabilities,
    'clean loss': [clean.loss],
    inputGradient,
  };
  clean.hidden.forEach((units, l) => (numbers[`clean hidden ${l}`] = units));
  for (const name of inspectedMethods) {
    const { input, pass, gradientNorms, after } = methods[name];
    pass.hidden.forEach((units, l) => (numbers[`${name} hidden ${l}`] = units));
    Object.assign(numbers, {
      [`${name} input`]: input,
      [`${name} probabilities`]: pass.probabilities,
      [`${name} loss`]: [pass.loss],
      [`${name} norms`]: gradientNorms,
      [`${name} after, x`]: [...after.clean.probabilities, after.clean.loss],
      [`${name} after, x̃`]: [...after.adversarial.probabilities, after.adversarial.loss],
    });
  }
  return numbers;
}

/**
 * Inspects the same step on two backends.
 *
 * @returns the largest difference of each quantity, relative to its largest element
 */
export async function compareInspections(
  tested: Backend,
  reference: Backend,
  changes: Partial<RunConfig>,
): Promise<Differences> {
  const config: RunConfig = { ...defaultConfig, hiddenLayers: [24, 15], ...changes };
  const image = Float32Array.from(syntheticImages(1).pixels, (pixel) => pixel / 255);
  const results: Inspection[] = [];
  for (const backend of [tested, reference]) {
    const shapes = layerShapes(config, image.length, 10);
    const parameters = shapes.map((shape, l) => initialParameters(shape, 5, l));
    const network = makeNetwork(backend, shapes, parameters, config.loss);
    const states = network.layers.map(({ parameters: { rows, columns } }) =>
      Array.from({ length: stateCount[config.optimizer] }, () =>
        backend.upload(new Float32Array(rows * columns).fill(1e-4), rows, columns),
      ),
    );
    const rule = updateRule(config.optimizer, config.learningRate, 8);
    const state = { network, states, config, step: 7, rule };
    results.push(await inspectStep(backend, state, image, 3, 0.11));
    backend.free(...network.layers.map((layer) => layer.parameters), ...states.flat());
  }
  const [found, expected] = results.map(inspectedNumbers) as [
    Record<string, ArrayLike<number>>,
    Record<string, ArrayLike<number>>,
  ];
  return Object.fromEntries(
    Object.entries(expected).map(([name, values]) => {
      const others = found[name]!;
      const scale = Math.max(...Array.from(values, Math.abs), 1e-30);
      const worst = Math.max(...Array.from(values, (value, i) => Math.abs(others[i]! - value)));
      return [name, others.length === values.length ? worst / scale : Infinity];
    }),
  );
}
