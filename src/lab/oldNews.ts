import { LabError } from '../shared/errors.ts';

/**
 * Whether a question failed for what the page knows anyway: a dead worker is told of once, by engineFailed; a
 * network that is gone, and an answer that was given up, are somebody's own doing.
 */
export function isOldNews(thrown: unknown): boolean {
  return (
    thrown instanceof LabError && ['worker-died', 'network-gone', 'given-up'].includes(thrown.code)
  );
}
