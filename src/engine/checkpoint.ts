import { type Checkpoint, stateCount } from '../domain/checkpoint.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import { LabError } from '../domain/errors.ts';
import { piecesOf } from './activations.ts';
import type { LayerShape } from './network.ts';

/**
 * Checks that a checkpoint fits a run with this config: its layers, optimizer state and sizes.
 *
 * @throws LabError 'data-corrupt' naming the first mismatch
 */
export function assertCheckpointFits(
  checkpoint: Omit<Checkpoint, 'trainSeconds'>,
  config: Pick<RunConfig, 'optimizer' | 'batchSize'>,
  shapes: readonly LayerShape[],
  totalSteps: number,
): void {
  const refuse = (what: string, expected: unknown, found: unknown): never => {
    throw new LabError(
      'data-corrupt',
      `The checkpoint does not fit its run: ${what} should be ${String(expected)}, but is ${String(found)}.`,
      'Delete the saved run, and train it again.',
    );
  };
  const { step, layers, scores, scored } = checkpoint;
  if (!Number.isInteger(step) || step < 0 || step > totalSteps) {
    refuse('the step', `0 to ${totalSteps}`, step);
  }
  if (layers.length !== shapes.length) {
    refuse('the number of layers', shapes.length, layers.length);
  }
  if (scores.length !== config.batchSize * 2) {
    refuse('the length of the scores', config.batchSize * 2, scores.length);
  }
  if (!Number.isInteger(scored) || scored < 0)
    refuse('the number of scored samples', '≥ 0', scored);
  shapes.forEach(({ fanIn, units, activation }, l) => {
    const { rows, columns, parameters, states } = layers[l]!;
    const shape = `${fanIn + 1} × ${units * piecesOf(activation)}`;
    if (`${rows} × ${columns}` !== shape) {
      refuse(`layer ${l + 1}`, shape, `${rows} × ${columns}`);
    }
    if (states.length !== stateCount[config.optimizer]) {
      refuse(
        `the optimizer’s state of layer ${l + 1}`,
        `${stateCount[config.optimizer]} matrices`,
        states.length,
      );
    }
    for (const values of [parameters, ...states]) {
      if (values.length !== rows * columns) {
        refuse(`a matrix of layer ${l + 1}`, `${rows * columns} numbers`, values.length);
      }
      if (!values.every(Number.isFinite)) refuse(`layer ${l + 1}`, 'finite numbers', 'not');
    }
  });
}
