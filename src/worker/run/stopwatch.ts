/** Weight of the newest lap in the running averages. */
const newestWeight = 0.3;

/** Measures how fast a run trains, apart from evaluations and pauses. Times are wall-clock. */
export class Stopwatch {
  #lapStart: number;
  readonly #now: () => number;
  #lapSteps = 0;
  #lapSamples = 0;
  #msPerStep: number | null = null;
  #msPerSample: number | null = null;
  #trainMs = 0;
  #evaluationMs = 0;

  /** @param now the time in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lapStart = now();
  }

  /** Training images per second, recently; 0 before the first lap with a step. */
  get samplesPerSecond(): number {
    return this.#msPerSample === null ? 0 : 1000 / this.#msPerSample;
  }

  addStep(sampleCount: number): void {
    this.#lapSteps++;
    this.#lapSamples += sampleCount;
  }

  /** Ends a stretch of training; a discarded one, such as a pause, is not counted. */
  lap({ discard = false } = {}): void {
    const now = this.#now();
    const elapsed = now - this.#lapStart;
    if (!discard && this.#lapSteps > 0) {
      this.#trainMs += elapsed;
      this.#msPerStep = blend(this.#msPerStep, elapsed / this.#lapSteps);
      this.#msPerSample = blend(this.#msPerSample, elapsed / this.#lapSamples);
    }
    this.#lapStart = now;
    this.#lapSteps = 0;
    this.#lapSamples = 0;
  }

  /** Discards everything so far: shaders were compiled, or nothing was trained yet. */
  restart(): void {
    this.lap({ discard: true });
    this.#evaluationMs = 0;
    this.#trainMs = 0;
  }

  /** Ends a stretch of evaluation. */
  addEvaluation(): void {
    const now = this.#now();
    this.#evaluationMs += now - this.#lapStart;
    this.#lapStart = now;
  }

  /** Seconds that this number of steps and their evaluations will take, or null before anything was measured. */
  secondsFor(steps: number): number | null {
    if (this.#msPerStep === null) return null;
    // A coarse clock may measure no time in the first lap.
    const overhead = this.#trainMs > 0 ? 1 + this.#evaluationMs / this.#trainMs : 1;
    return (steps * this.#msPerStep * overhead) / 1000;
  }
}

function blend(average: number | null, newest: number): number {
  return average === null ? newest : average + newestWeight * (newest - average);
}
