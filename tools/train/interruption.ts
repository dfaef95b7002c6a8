import { setImmediate } from 'node:timers/promises';
import { type SignalEntry, signals } from './signals.ts';
import { leaveSignals } from './startUp.ts';

/**
 * A Ctrl-C can arrive twice, from the terminal and from npm. A signal within this time of the first one is the same
 * Ctrl-C.
 */
const duplicateSignalMs = 400;

export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly signal: SignalEntry) {
    super(`Stopped by ${signal.name}.`);
  }
}

/** Listens for signals: the first one stops the work, the second one ends the process. */
export class Interruption {
  #request: { readonly at: number; readonly signal: SignalEntry } | null = null;

  constructor() {
    leaveSignals();
    for (const [name, signal] of Object.entries(signals)) {
      process.on(name, () => {
        this.#request ??= { at: performance.now(), signal };
        if (performance.now() - this.#request.at > duplicateSignalMs) process.exit(signal.exitCode);
      });
    }
  }

  /** Yields, so that signals are handled. @throws Interrupted after one */
  readonly yieldToEventLoop = async (): Promise<void> => {
    await setImmediate();
    if (this.#request !== null) throw new Interrupted(this.#request.signal);
  };
}
