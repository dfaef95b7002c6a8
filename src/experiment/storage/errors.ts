import { LabError } from '../../domain/errors.ts';

const unsaved = 'Training continues, but a reload would lose it.';
const quotaExceeded = 'QuotaExceededError';

/** Nothing can be saved. @param remedy what the user can do */
export function unavailable(what: string, remedy: string, cause?: unknown): LabError {
  return new LabError('storage-failed', `${what} ${unsaved}`, remedy, { cause });
}

/** @param advice which experiments take up the space, as sentences */
export function storageFull(advice: string, cause: unknown): LabError {
  return new LabError(
    'storage-failed',
    'The browser has no room left to save this experiment. Training continues, but a reload would resume from an older state.',
    advice,
    { cause },
  );
}

export function isFull(error: unknown): boolean {
  return error instanceof Error && (error.cause as Error | undefined)?.name === quotaExceeded;
}

/** @param what what the tab tried to do: "opened", "deleted" */
export function openElsewhere(what: string): LabError {
  return new LabError(
    'storage-failed',
    `The experiment was not ${what}: another tab of this page has it open.`,
    'Use it there, or close that tab.',
  );
}

/** A LabError that says how IndexedDB failed, and what to do. */
export function explainStorageError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const { name, message } =
    thrown instanceof Error ? thrown : { name: 'Error', message: String(thrown) };
  switch (name) {
    case quotaExceeded:
      return storageFull(
        'Delete experiments that you no longer need under Saved experiments.',
        thrown,
      );
    case 'SecurityError':
      return unavailable(
        `The browser does not let this page store anything: ${message}`,
        'Allow cookies and site data for this page.',
        thrown,
      );
    case 'InvalidStateError':
    case 'UnknownError':
      return unavailable(
        `The browser’s storage (IndexedDB) does not work: ${message}`,
        'Leave private browsing, or restart the browser.',
        thrown,
      );
    case 'VersionError':
      return unavailable(
        'The stored experiments were saved by a newer version of this page.',
        'Reload the page to get the newer version.',
        thrown,
      );
    default:
      return unavailable(
        `The browser’s storage (IndexedDB) failed: ${name}: ${message}`,
        'Reload the page when the experiment is finished; if it happens again, please report it.',
        thrown,
      );
  }
}
