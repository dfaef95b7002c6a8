import { defaultConfig, limits, type RunConfig } from '../../../domain/settings/config.ts';
import { methodUses } from '../../../domain/settings/methods.ts';
import { findPublishedError, paper } from '../../../domain/published.ts';
import { formatCount } from '../../../ui/format.ts';

/** Settings of this project's runs that are compared with the paper; its abstract gives none. */
const known = { hiddenLayers: 2, units: 400, epochs: 50 } as const;

/** The note that accompanies the paper's numbers everywhere. */
export const paperNote = `Paper: clean test error (abstract, ${paper.name}), which gives no settings. This project comes near it with two hidden layers of ${known.units} units or more, sigmoid outputs, RMSprop, ε 0.08 without clipping in training, all 60,000 images and ${known.epochs} epochs or more.`;

/** The paper's clean test error for this network and method on MNIST, 0 to 1, or null if it has none. */
export function findPaperError(config: RunConfig): number | null {
  return config.dataSet === null ? findPublishedError(config) : null;
}

/** Short descriptions of how the settings differ from those that come near the paper's numbers. */
export function listDifferences(config: RunConfig): string[] {
  const { hiddenLayers, epochs, trainingSetSize, loss, optimizer, method } = config;
  const differences: string[] = [];
  if (hiddenLayers.length < known.hiddenLayers || hiddenLayers.some((one) => one < known.units)) {
    differences.push(describeLayers(hiddenLayers));
  }
  if (trainingSetSize < limits.trainingSetSize.max) {
    differences.push(`${formatCount(trainingSetSize)} training images`);
  }
  if (epochs < known.epochs) differences.push(epochs === 1 ? '1 epoch' : `${epochs} epochs`);
  if (loss === 'ce') differences.push('softmax outputs');
  if (optimizer !== 'rmsprop') differences.push(`the optimizer ${optimizer}`);
  if (methodUses(method, 'epsilon')) {
    if (config.trainingEpsilon !== defaultConfig.trainingEpsilon) {
      differences.push(`training ε ${config.trainingEpsilon}`);
    }
    if (config.clipTrainingImages) differences.push('training images clipped to 0–1');
  }
  if (config.holdOutValidation) differences.push('errors on validation images, not test images');
  return differences;
}

function describeLayers(layers: readonly number[]): string {
  if (layers.length === 0) return 'no hidden layer';
  const units = layers.join(' and ');
  return layers.length === 1 ? `one hidden layer of ${units} units` : `hidden layers of ${units}`;
}

/** How the settings of runs differ from those that come near the paper's numbers; empty if it has no number for them. */
export function describeDifferences(
  runs: readonly { readonly name: string; readonly config: RunConfig }[],
): string {
  const compared = runs.filter(({ config }) => findPaperError(config) !== null);
  const texts = compared.map(({ config }) => listDifferences(config).join(', '));
  const [first] = texts;
  if (first === undefined) return '';
  if (texts.every((text) => text === '')) return 'This experiment has these settings, too.';
  if (texts.every((text) => text === first)) return `This experiment differs: ${first}.`;
  const parts = compared.map(({ name }, i) => `${name}: ${texts[i] || 'nothing'}`);
  return `This experiment differs. ${parts.join('; ')}.`;
}
