import { LabError } from '../../domain/errors.ts';

/**
 * Whether a query failed for a reason that the page handles elsewhere: `engineFailed` reports a dead worker,
 * and the page itself causes missing networks and canceled queries.
 */
export function isExpectedFailure(thrown: unknown): boolean {
  return (
    thrown instanceof LabError && ['worker-died', 'network-gone', 'canceled'].includes(thrown.code)
  );
}
