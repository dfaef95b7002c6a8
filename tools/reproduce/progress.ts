import type { RunResult } from '../../src/domain/reproduction.ts';
import { type Job, workOf } from './jobs.ts';

interface StartedJob {
  readonly job: Job;
  readonly startedAt: number;
  endedAt: number | null;
  /** Epochs at its first report, where it started or resumed. */
  from: number | null;
  epochs: number;
}

/** On a terminal the status line changes at most twice a second; elsewhere a line is written every five minutes. */
const redrawEveryMs = 500;
const logEveryMs = 300_000;
const eraseLine = '\r\x1b[2K';

export function describeDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`;
}

/** Reports the progress of the runs: a line for each finished run, and a status line for all. */
export class ProgressReporter {
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  readonly #parallel: number;
  readonly #now: () => number;
  readonly #started = new Map<string, StartedJob>();
  #total = 0;
  #done = 0;
  #waiting = 0;
  #lastLineAt = 0;

  constructor(
    write: (text: string) => void,
    options: { isTerminal: boolean; parallel: number; now?: () => number },
  ) {
    this.#write = write;
    this.#isTerminal = options.isTerminal;
    this.#parallel = options.parallel;
    this.#now = options.now ?? (() => performance.now());
  }

  begin(all: readonly Job[], left: readonly Job[]): void {
    this.#total = all.length;
    this.#done = all.length - left.length;
    this.#waiting = left.reduce((sum, job) => sum + workOf(job), 0);
    this.#lastLineAt = this.#now();
    const finished = this.#done > 0 ? `, ${this.#done} finished already` : '';
    this.#writeLine(`${this.#total} runs${finished}`);
  }

  started(job: Job): void {
    this.#waiting -= workOf(job);
    const startedAt = this.#now();
    this.#started.set(job.id, { job, startedAt, endedAt: null, from: null, epochs: 0 });
    if (!this.#isTerminal) this.#writeLine(`${job.id}: started`);
    this.#update();
  }

  progressed(id: string, epochs: number): void {
    const started = this.#started.get(id);
    if (!started) return;
    started.from ??= Math.floor(epochs);
    started.epochs = epochs;
    this.#update();
  }

  finished({ id, config, last, times, data }: RunResult): void {
    const started = this.#started.get(id);
    if (started) {
      started.epochs = config.epochs;
      started.endedAt = this.#now();
    }
    this.#done += 1;
    const attacked = last.attacks.map(({ attack, errorRate }) => {
      const clipped = attack.clip ? ' clipped' : '';
      return `${attack.kind.toUpperCase()} ${attack.epsilon}${clipped} ${percent(errorRate)}`;
    });
    const errors = [`${data.evaluatedOn} error ${percent(last.errorRate)}`, ...attacked];
    this.#writeLine(`${id}: ${errors.join(', ')}; ${describeDuration(times.cpuSeconds)} of a core`);
    this.#update(true);
  }

  failed(id: string, message: string): void {
    this.#started.delete(id); // its speed is not known
    this.#writeLine(`${id}: failed: ${message}`);
  }

  end(): void {
    if (this.#isTerminal) this.#write(eraseLine);
  }

  #running(): StartedJob[] {
    return [...this.#started.values()].filter(({ endedAt }) => endedAt === null);
  }

  /** Estimated seconds until all runs are done; null before anything is known. */
  secondsLeft(): number | null {
    let [work, seconds, left] = [0, 0, this.#waiting];
    for (const { job, startedAt, endedAt, from, epochs } of this.#started.values()) {
      const perEpoch = workOf(job) / job.config.epochs;
      work += perEpoch * (epochs - (from ?? 0));
      seconds += ((endedAt ?? this.#now()) - startedAt) / 1000;
      left += perEpoch * (job.config.epochs - epochs);
    }
    if (work <= 0) return null;
    const atOnce = this.#waiting > 0 ? this.#parallel : Math.max(1, this.#running().length);
    return ((seconds / work) * left) / atOnce;
  }

  #status(): string {
    const runs = this.#running().map(
      ({ job, epochs }) => `${job.id} ${Math.floor(epochs)}/${job.config.epochs}`,
    );
    const seconds = this.secondsLeft();
    const left = seconds === null ? '' : ` · about ${describeDuration(seconds)} left`;
    return `${this.#done} of ${this.#total} done · ${runs.join(' · ')}${left}`;
  }

  #update(isDue = false): void {
    if (this.#running().length === 0) return;
    const every = this.#isTerminal ? redrawEveryMs : logEveryMs;
    if (!isDue && this.#now() - this.#lastLineAt < every) return;
    this.#lastLineAt = this.#now();
    if (this.#isTerminal) this.#write(eraseLine + this.#status());
    else this.#write(`${this.#status()}\n`);
  }

  #writeLine(line: string): void {
    this.#write(`${this.#isTerminal ? eraseLine : ''}${line}\n`);
  }
}
