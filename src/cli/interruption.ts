import { setImmediate } from 'node:timers/promises';

/** Exit code of a program that SIGINT ended, by convention 128 + 2. */
export const interruptedExitCode = 130;

/**
 * A Ctrl-C can arrive twice: from the terminal, and passed on by npm. What follows this soon is the
 * same one.
 */
const sameWithinMs = 400;

/** Thrown where work stops because of Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Listens for Ctrl-C: the first asks the work to stop, the second ends the process. */
export class Interruption {
  #requestedAt: number | null = null;

  constructor() {
    process.on('SIGINT', () => {
      this.#requestedAt ??= performance.now();
      if (performance.now() - this.#requestedAt > sameWithinMs) process.exit(interruptedExitCode);
    });
  }

  /** Lets signals be heard. @throws Interrupted after a Ctrl-C */
  readonly breathe = async (): Promise<void> => {
    await setImmediate();
    if (this.#requestedAt !== null) throw new Interrupted();
  };
}
