interface Job {
  work: () => Promise<unknown>;
  readonly done: Promise<unknown>;
  readonly settle: (result: Promise<unknown>) => void;
}

/**
 * Does tasks one after another, in the order in which they were asked for. A task that waits is
 * replaced by a newer one of the same key, so a slow disk never has to catch up with old states.
 */
export class WriteQueue {
  readonly #jobs: Job[] = [];
  /** Waiting jobs that a newer one may replace. */
  readonly #replaceable = new Map<string, Job>();
  #isBusy = false;

  /** Does a task after all before it; later ones of any key come after it. */
  add<T>(work: () => Promise<T>): Promise<T> {
    this.#replaceable.clear();
    return this.#push(work).done as Promise<T>;
  }

  /** Does a task, or a newer one of the same key in its place. */
  replace(key: string, work: () => Promise<void>): Promise<void> {
    const waiting = this.#replaceable.get(key);
    if (waiting) {
      waiting.work = work;
      return waiting.done as Promise<void>;
    }
    const job = this.#push(work);
    if (this.#jobs.includes(job)) this.#replaceable.set(key, job);
    return job.done as Promise<void>;
  }

  #push(work: () => Promise<unknown>): Job {
    let settle: Job['settle'] = () => undefined;
    const done = new Promise<unknown>((resolve) => (settle = resolve));
    const job = { work, done, settle };
    this.#jobs.push(job);
    if (!this.#isBusy) void this.#run();
    return job;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      for (const [key, waiting] of this.#replaceable) {
        if (waiting === job) this.#replaceable.delete(key);
      }
      const result = job.work();
      job.settle(result);
      await result.catch(() => undefined); // who asked for it hears
    }
    this.#isBusy = false;
  }
}
