/** The kind of an error; the page chooses its advice by it. */
export const errorCodes = [
  'engine-unavailable', // no backend can compute here
  'engine-failed', // a backend stopped working, for instance after a lost WebGL context
  'memory-exhausted', // a run needs more memory than the engine has; smaller ones still work
  'data-unreachable', // a data file could not be fetched
  'data-corrupt', // a file or a checkpoint is not what it should be (checksum, magic number, sizes)
  'loss-not-finite', // training diverged: the loss is NaN or infinite
  'storage-failed', // the browser stores nothing: no space, private browsing, or blocked
  'worker-died', // the worker threw outside a request, or did not start
  'network-gone', // the run was reset, or has no network yet
  'network-moved', // a network was trained further between queries that belong together
  'canceled', // the result is no longer needed
  'invalid-request', // a message does not have its declared form
  'internal', // a bug of the page
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error as it is sent from the worker and shown to the user. */
export interface ErrorReport {
  readonly code: ErrorCode;
  /** What failed, and what was expected and found. */
  readonly message: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

/** An error that names the thing, what was expected, what was found and what to do. */
export class LabError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** Turns anything that was thrown into a report; an unknown error is a bug and says so. */
export function reportError(thrown: unknown): ErrorReport {
  if (thrown instanceof LabError) {
    return { code: thrown.code, message: thrown.message, remedy: thrown.remedy };
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: 'Reload the page; if it happens again, please report it with the settings you used.',
  };
}
