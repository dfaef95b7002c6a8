import { setImmediate } from 'node:timers/promises';

/** What asks a program to stop, what a person calls it, and the exit code by convention, 128 + its number. */
const signals = {
  SIGINT: { name: 'Ctrl-C', exitCode: 130 },
  SIGTERM: { name: 'SIGTERM', exitCode: 143 },
  SIGHUP: { name: 'the end of its terminal', exitCode: 129 },
} as const;
type SignalEntry = (typeof signals)[keyof typeof signals];

/**
 * A Ctrl-C can arrive twice: from the terminal, and passed on by npm. What follows this soon is the
 * same one.
 */
const sameWithinMs = 400;

/** Thrown where work stops because of a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly signal: SignalEntry) {
    super(`Stopped by ${signal.name}.`);
  }
}

/** Listens for signals: the first asks the work to stop, the second ends the process. */
export class Interruption {
  #request: { readonly at: number; readonly signal: SignalEntry } | null = null;

  constructor() {
    for (const [name, signal] of Object.entries(signals)) {
      process.on(name, () => {
        this.#request ??= { at: performance.now(), signal };
        if (performance.now() - this.#request.at > sameWithinMs) process.exit(signal.exitCode);
      });
    }
  }

  /** Lets signals be heard. @throws Interrupted after one */
  readonly breathe = async (): Promise<void> => {
    await setImmediate();
    if (this.#request !== null) throw new Interrupted(this.#request.signal);
  };
}
