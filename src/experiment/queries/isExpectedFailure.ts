import { LabError } from '../../domain/errors.ts';

/**
 * Whether a question failed for a reason that the page handles elsewhere: `engineFailed` reports a dead worker,
 * and a missing network or a canceled question is the page's own doing.
 */
export function isExpectedFailure(thrown: unknown): boolean {
  return (
    thrown instanceof LabError && ['worker-died', 'network-gone', 'given-up'].includes(thrown.code)
  );
}
