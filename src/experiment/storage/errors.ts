import { LabError } from '../../domain/errors.ts';

const unsaved = 'Training goes on, but a reload would lose it.';

function storageFailed(message: string, remedy: string, cause?: unknown): LabError {
  return new LabError('storage-failed', message, remedy, { cause });
}

export function storageMissing(): LabError {
  return storageFailed(
    `This browser offers the page no storage (IndexedDB). ${unsaved}`,
    'Leave private browsing, or allow this site to store data.',
  );
}

/** Another tab still has an older version of the database open. */
export function storageBlocked(): LabError {
  return storageFailed(
    `Another tab holds an older version of the stored experiments. ${unsaved}`,
    'Close or reload the other tabs of this page.',
  );
}

/** A newer page has upgraded the database. */
export function storageOutdated(): LabError {
  return storageFailed(
    `Another tab runs a newer version of this page and has taken over the stored experiments. ${unsaved}`,
    'Reload this tab when its experiment is finished.',
  );
}

export function storageSilent(seconds: number): LabError {
  return storageFailed(
    `The browser’s storage (IndexedDB) did not answer within ${seconds} s. ${unsaved}`,
    'Restart the browser to keep the next experiment.',
  );
}

/** @param advice which experiments take up the space, as sentences */
export function storageFull(advice: string, cause?: unknown): LabError {
  return storageFailed(
    'The browser has no room left to keep this experiment. Training goes on, but a reload would go on from an older state.',
    advice,
    cause,
  );
}

export function isFull(error: unknown): boolean {
  return error instanceof Error && (error.cause as Error | undefined)?.name === quotaExceeded;
}

/** @param what what the tab tried to do: "opened", "deleted" */
export function openElsewhere(what: string): LabError {
  return storageFailed(
    `The experiment was not ${what}: another tab of this page has it open.`,
    'Use it there, or close that tab.',
  );
}

/** @param what what was expected and what was found, as the end of a sentence */
export function networkDamaged(what: string): LabError {
  return new LabError(
    'data-corrupt',
    `Its network was kept, but cannot be read: ${what}. Its curves are here, and the other runs are not concerned.`,
    'Reset the experiment and train again to have this network, too.',
  );
}

export function curvesDamaged(): LabError {
  return new LabError(
    'data-corrupt',
    'Its curves were kept, but cannot be read: expected finite numbers in the order of their steps, found something else. The other runs are not concerned.',
    'Reset the experiment and train again to have this run, too.',
  );
}

const quotaExceeded = 'QuotaExceededError';

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
      return storageFailed(
        `The browser does not let this page store anything: ${message} ${unsaved}`,
        'Allow cookies and site data for this page.',
        thrown,
      );
    case 'InvalidStateError':
    case 'UnknownError':
      return storageFailed(
        `The browser’s storage (IndexedDB) does not work: ${message} ${unsaved}`,
        'Leave private browsing, or restart the browser.',
        thrown,
      );
    case 'VersionError':
      return storageFailed(
        `The stored experiments are of a newer version of this page. ${unsaved}`,
        'Reload the page to get the newer version.',
        thrown,
      );
    default:
      return storageFailed(
        `The browser’s storage (IndexedDB) failed: ${name}: ${message} ${unsaved}`,
        'Reload the page when the experiment is finished; if it happens again, please report it.',
        thrown,
      );
  }
}
