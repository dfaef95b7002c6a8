import { LabError } from '../shared/errors.ts';

const goesOn = 'Training goes on, but a reload would lose it.';

function fail(message: string, remedy: string, cause?: unknown): LabError {
  return new LabError('storage-failed', message, remedy, { cause });
}

export function storageMissing(): LabError {
  return fail(
    `This browser offers the page no storage (IndexedDB). ${goesOn}`,
    'Leave private browsing, or allow this site to store data.',
  );
}

/** Another tab still has an older version of the database open. */
export function storageBlocked(): LabError {
  return fail(
    `Another tab holds an older version of the stored races. ${goesOn}`,
    'Close or reload the other tabs of this page.',
  );
}

/** A newer page has taken the database over. */
export function storageOutdated(): LabError {
  return fail(
    `Another tab runs a newer version of this page and has taken over the stored races. ${goesOn}`,
    'Reload this tab when its race is finished.',
  );
}

export function storageSilent(seconds: number): LabError {
  return fail(
    `The browser’s storage (IndexedDB) did not answer within ${seconds} s. ${goesOn}`,
    'Restart the browser to keep the next race.',
  );
}

/** @param advice which races take the room, as sentences */
export function storageFull(advice: string, cause?: unknown): LabError {
  return fail(
    'The browser has no room left to keep this race. Training goes on, but a reload would go on from an older state.',
    advice,
    cause,
  );
}

export function raceElsewhere(what: string): LabError {
  return fail(
    `The race was not ${what}: another tab of this page has it open.`,
    'Use it there, or close that tab.',
  );
}

/** @param what what was expected and what was found, as the rest of a sentence */
export function networkDamaged(what: string): LabError {
  return new LabError(
    'data-corrupt',
    `Its network was kept, but cannot be read: ${what}. Its curves are here, and the other runs are not concerned.`,
    'Reset the race and train again to have this network, too.',
  );
}

/** A LabError for what IndexedDB threw: which of its ways of failing this is, and what to do. */
export function explainStorageError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const { name, message } =
    thrown instanceof Error ? thrown : { name: 'Error', message: String(thrown) };
  switch (name) {
    case 'QuotaExceededError':
      return storageFull('Delete races that you no longer need under Kept races.', thrown);
    case 'SecurityError':
      return fail(
        `The browser does not let this page store anything: ${message} ${goesOn}`,
        'Allow cookies and site data for this page.',
        thrown,
      );
    case 'InvalidStateError':
    case 'UnknownError':
      return fail(
        `The browser’s storage (IndexedDB) does not work: ${message} ${goesOn}`,
        'Leave private browsing, or restart the browser.',
        thrown,
      );
    case 'VersionError':
      return fail(
        `The stored races are of a newer version of this page. ${goesOn}`,
        'Reload the page to get the newer version.',
        thrown,
      );
    default:
      return fail(
        `The browser’s storage (IndexedDB) failed: ${name}: ${message} ${goesOn}`,
        'Reload the page when the race is finished; if it happens again, please report it.',
        thrown,
      );
  }
}
