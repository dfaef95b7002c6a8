import type { RunConfig } from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';

/** @throws LabError 'loss-not-finite' */
export function assertFinite(loss: number, step: number, config: RunConfig): void {
  if (Number.isFinite(loss)) return;
  throw diverged(`The loss became ${loss} at step ${step}`, config);
}

export function diverged(what: string, { learningRate, optimizer }: RunConfig): LabError {
  return new LabError(
    'loss-not-finite',
    `${what}: training diverged (${optimizer}, learning rate ${learningRate}).`,
    'Lower the learning rate under Advanced, start over, and train again.',
  );
}
