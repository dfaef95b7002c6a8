import type { ImageSet } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import { attackImages, evaluate } from '../engine/evaluate.ts';
import { nextTask } from '../engine/nextTask.ts';
import { Trainer } from '../engine/trainer.ts';
import type { RunConfig } from '../shared/config.ts';
import { LabError, reportError } from '../shared/errors.ts';
import {
  type Attack,
  type AttackedImages,
  type Progress,
  quickEvaluationSize,
} from '../shared/metrics.ts';
import { EvaluationSchedule } from './evaluationSchedule.ts';
import type { Event, Extent } from './protocol.ts';
import { Stopwatch } from './stopwatch.ts';

/** Milliseconds between two reports of progress. */
const reportIntervalMs = 250;

/** The data a run trains and is evaluated on. */
export interface RunData {
  readonly training: ImageSet;
  readonly evaluation: ImageSet;
  readonly split: 'test' | 'validation';
}

/** Thrown through a run's own code when it was reset. */
class Stopped extends Error {}

/**
 * One training run: a loop of its own that steps, evaluates, reports and can be held at any step.
 * Several runs interleave on one backend, because each awaits the backend after every step.
 */
export class Run {
  readonly #id: string;
  readonly #config: RunConfig;
  readonly #post: (event: Event) => void;
  readonly #watch = new Stopwatch();
  #backend: Backend | null = null;
  #trainer: Trainer | null = null;
  #attack: Attack;
  /** Until where the run was told to go; how many steps that are shows when it starts or goes on. */
  #extent: Extent;
  /** The step after which the run pauses by itself. */
  #pauseAt = Infinity;
  /** Finished or failed: nothing to pause or to go on with. */
  #isOver = false;
  #isPaused = false;
  #isStopped = false;
  #wake: () => void = () => undefined;
  #trainLoss: number | null = null;
  #lastReportMs = 0;

  constructor(
    id: string,
    config: RunConfig,
    attack: Attack,
    extent: Extent,
    post: (event: Event) => void,
  ) {
    this.#id = id;
    this.#config = config;
    this.#attack = attack;
    this.#extent = extent;
    this.#post = post;
  }

  pause(): void {
    if (this.#isPaused || this.#isOver) return;
    this.#isPaused = true;
    this.#post({ type: 'paused', runId: this.#id, progress: this.#progress() });
  }

  resume(extent: Extent): void {
    if (this.#isOver) return;
    this.#extent = extent;
    this.#setPauseAt();
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#post({ type: 'resumed', runId: this.#id });
    this.#wake();
  }

  #setPauseAt(): void {
    const step = this.#trainer?.step ?? 0;
    const perEpoch = this.#trainer?.stepsPerEpoch ?? 1;
    const ends = {
      step: step + 1,
      epoch: (Math.floor(step / perEpoch) + 1) * perEpoch,
      end: Infinity,
    };
    this.#pauseAt = ends[this.#extent];
  }

  /** Ends the loop; it frees the run's memory on its way out. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  setAttack(attack: Attack): void {
    this.#attack = attack;
  }

  /** @throws LabError 'invalid-request' while the run has no network yet */
  async attackImages(
    images: Float32Array,
    labels: Uint8Array,
    attack: Attack,
  ): Promise<AttackedImages> {
    if (!this.#trainer || !this.#backend) {
      throw new LabError(
        'invalid-request',
        `Run ${this.#id} has no network to attack yet.`,
        'Wait until the run has started.',
      );
    }
    return attackImages(this.#backend, this.#trainer.network, images, labels, attack);
  }

  /**
   * Trains to the end of the run. Settles when the run was stopped; a run that has finished or
   * failed stays until then, so that its network can still be attacked.
   */
  async drive(loadData: () => Promise<RunData>, backend: Backend): Promise<void> {
    try {
      await this.#holdWhilePaused();
      this.#post({ type: 'preparing', runId: this.#id, activity: 'loading-data' });
      const data = await loadData();
      await this.#holdWhilePaused();
      await this.#train(backend, data);
    } catch (error) {
      if (!(error instanceof Stopped)) {
        this.#isOver = true;
        this.#post({ type: 'failed', runId: this.#id, error: reportError(error) });
      }
    }
    while (!this.#isStopped) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#trainer?.dispose();
    this.#trainer = null;
  }

  async #train(backend: Backend, data: RunData): Promise<void> {
    this.#post({ type: 'preparing', runId: this.#id, activity: 'compiling' });
    await this.#breathe();
    const trainer = new Trainer(backend, this.#config, data.training);
    this.#backend = backend;
    this.#trainer = trainer;
    this.#setPauseAt();
    const { stepsPerEpoch, totalSteps } = trainer;
    const schedule = new EvaluationSchedule(this.#config.batchSize, stepsPerEpoch, totalSteps);
    // The untrained network's scores, and the shaders of both passes compiled.
    await this.#evaluate(data, 'quick');
    this.#watch.restart();
    this.#post({ type: 'started', runId: this.#id, progress: this.#progress() });

    let previous = Promise.resolve();
    while (trainer.step < totalSteps) {
      await this.#breathe();
      const sampleCount = trainer.trainStep();
      // Two steps in flight at most: a pause is heard soon, and the GPU never waits for us.
      const current = backend.finished();
      current.catch(() => undefined); // a rejection is thrown where it is awaited
      await previous;
      previous = current;
      this.#watch.addStep(sampleCount);

      const isEpochEnd = trainer.step % stepsPerEpoch === 0;
      const due = schedule.due(trainer.step);
      const isReportDue = performance.now() - this.#lastReportMs >= reportIntervalMs;
      if (isReportDue || isEpochEnd || trainer.step >= this.#pauseAt) {
        await this.#report();
      }
      if (due !== 'none') await this.#evaluate(data, due);
      if (isEpochEnd) {
        const epoch = trainer.step / stepsPerEpoch;
        this.#post({ type: 'epochCompleted', runId: this.#id, epoch });
      }
      if (trainer.step >= this.#pauseAt && trainer.step < totalSteps) this.pause();
    }
    await previous;
    this.#isOver = true;
    this.#post({ type: 'finished', runId: this.#id, progress: this.#progress() });
  }

  /** Reads the training loss, a synchronisation, and reports where the run is. */
  async #report(): Promise<void> {
    this.#trainLoss = (await this.#trainer!.takeTrainLoss()) ?? this.#trainLoss;
    this.#assertFinite(this.#trainLoss ?? 0);
    this.#watch.lap();
    this.#lastReportMs = performance.now();
    this.#post({ type: 'progressed', runId: this.#id, progress: this.#progress() });
  }

  async #evaluate({ evaluation, split }: RunData, kind: 'quick' | 'full'): Promise<void> {
    const trainer = this.#trainer!;
    const { step } = trainer;
    const attack = this.#attack;
    const sampleCount =
      kind === 'full' ? evaluation.count : Math.min(quickEvaluationSize, evaluation.count);
    if (kind === 'full') {
      this.#post({ type: 'preparing', runId: this.#id, activity: 'evaluating' });
    }
    this.#watch.lap();
    const scores = await evaluate(
      this.#backend!,
      trainer.network,
      evaluation,
      sampleCount,
      attack,
      () => this.#breathe(),
    );
    this.#watch.addEvaluation();
    this.#assertFinite(scores.clean.loss);
    this.#assertFinite(scores.adversarial.loss);
    this.#post({
      type: 'evaluated',
      runId: this.#id,
      evaluation: {
        step,
        epoch: step / trainer.stepsPerEpoch,
        split,
        sampleCount,
        attack,
        ...scores,
      },
    });
  }

  #assertFinite(loss: number): void {
    if (Number.isFinite(loss)) return;
    const { learningRate, optimizer } = this.#config;
    throw new LabError(
      'loss-not-finite',
      `The loss became ${loss} at step ${this.#trainer!.step}: training diverged (${optimizer}, learning rate ${learningRate}).`,
      'Lower the learning rate under Advanced, press Reset, and train again.',
    );
  }

  /** Lets messages in, waits while the run is paused, and ends the run's code once it was stopped. */
  async #breathe(): Promise<void> {
    await nextTask();
    await this.#holdWhilePaused();
  }

  async #holdWhilePaused(): Promise<void> {
    while (this.#isPaused && !this.#isStopped) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#watch.lap({ discard: true });
    }
    if (this.#isStopped) throw new Stopped();
  }

  #progress(): Progress {
    const step = this.#trainer?.step ?? 0;
    const totalSteps = this.#trainer?.totalSteps ?? 0;
    return {
      step,
      stepsPerEpoch: this.#trainer?.stepsPerEpoch ?? 0,
      totalSteps,
      trainLoss: this.#trainLoss,
      samplesPerSecond: this.#watch.samplesPerSecond,
      secondsLeft: this.#watch.secondsFor(totalSteps - step),
    };
  }
}
