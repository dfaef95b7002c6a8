import { writeSync } from 'node:fs';
import { signals } from './signals.ts';

const listeners = new Map<string, () => void>();

/**
 * Until the work begins, a signal ends the command with a line and the signal's exit code: there is nothing to save.
 *
 * @param command as its messages begin
 */
export function endOnSignals(command: string): void {
  for (const [name, signal] of Object.entries(signals)) {
    const listener = (): void => {
      try {
        writeSync(2, `${command}: stopped by ${signal.name}; nothing was saved.\n`);
      } catch {
        // Nobody reads it.
      }
      process.exit(signal.exitCode);
    };
    listeners.set(name, listener);
    process.on(name, listener);
  }
}

/** From here on the work itself handles signals. */
export function leaveSignals(): void {
  for (const [name, listener] of listeners) process.off(name, listener);
  listeners.clear();
}
