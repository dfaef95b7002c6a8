/** How long a worker may be silent, in milliseconds in which the page itself was awake. */
export interface Patience {
  /** From its creation until it has started: shaders, kernels and threads take seconds. */
  readonly startMs: number;
  /** While it has work; a long computation may keep it from answering for some seconds. */
  readonly silenceMs: number;
}

const defaultPatience: Patience = { startMs: 60_000, silenceMs: 20_000 };
const tickMs = 1000;

interface Watched {
  /** Whether the worker has a pending answer or something to do. */
  isOwed(): boolean;
  /** Pings the worker. */
  ping(): void;
  onDeath(what: string): void;
}

/**
 * Notices a worker that does not start, hangs, or was ended without an event. It counts ticks of the page's own
 * timer: a suspended computer does not count as silence, because the timer was suspended too. The first tick after a
 * gap restarts the count. In a hidden tab, whose timer fires once a minute, every tick comes after a gap; the ticks
 * that follow the first count one each, so a hang is noticed there too, only later.
 */
export class Watchdog {
  readonly #watched: Watched;
  readonly #patience: Patience;
  readonly #timer: ReturnType<typeof setInterval>;
  #hasStarted = false;
  /** Milliseconds of silence while the worker has work, or since it was created. */
  #silentMs = 0;
  #lastTick = performance.now();
  #wasLate = false;

  constructor(watched: Watched, patience: Partial<Patience> = {}) {
    this.#watched = watched;
    this.#patience = { ...defaultPatience, ...patience };
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** The worker has started, or has reported that it will not. */
  started(): void {
    this.#hasStarted = true;
    this.#silentMs = 0;
  }

  signOfLife(): void {
    if (this.#hasStarted) this.#silentMs = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const isLate = now - this.#lastTick > 2 * tickMs;
    const isAwakened = isLate && !this.#wasLate;
    this.#lastTick = now;
    this.#wasLate = isLate;
    const isWaiting = !this.#hasStarted || this.#watched.isOwed();
    this.#silentMs = isWaiting && !isAwakened ? this.#silentMs + tickMs : 0;
    const { startMs, silenceMs } = this.#patience;
    if (!this.#hasStarted) {
      if (this.#silentMs >= startMs) {
        this.#watched.onDeath(`its engine did not start within ${startMs / 1000} s.`);
      }
      return;
    }
    // The first tick may come right after the question.
    if (this.#silentMs > silenceMs) {
      this.#watched.onDeath(`it gave no sign of life for ${silenceMs / 1000} s.`);
    } else if (isWaiting) this.#watched.ping();
  }
}
