/** A piece of what a page found. Pieces are sent as soon as they are known: a hang loses only the rest. */
export interface PageReport {
  /** Printed as it is. */
  readonly text?: string;
  /** What is wrong, in one line. It is printed, and makes the command fail. */
  readonly failed?: string;
  /** Kept in the file of results. */
  readonly data?: unknown;
  /** Nothing follows. */
  readonly isDone?: boolean;
}

/** Whether tools/gpu/measure.py has opened this page. */
export const isReporting = new URLSearchParams(location.search).has('report');

/** Sends a piece to tools/gpu/measure.py. */
export async function report(piece: PageReport): Promise<void> {
  if (isReporting) await fetch('/report', { method: 'POST', body: JSON.stringify(piece) });
}
