import type { Backend } from '../../engine/backends/backend.ts';
import { nextTask } from '../../domain/nextTask.ts';
import { Trainer } from '../../engine/trainer.ts';
import { type Checkpoint, findNotFinite } from '../../domain/checkpoint.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { LabError, reportError } from '../../domain/errors.ts';
import { type Attack, type Progress, quickEvaluationSize } from '../../domain/metrics.ts';
import type { Extent, RunEvent, RunReport, RunStart } from '../api.ts';
import { NetworkQueries } from '../networkQueries.ts';
import { score } from '../queryableNetwork.ts';
import { CheckpointSchedule } from './checkpointSchedule.ts';
import { assertFinite, diverged } from './divergence.ts';
import { type DueEvaluation, EvaluationSchedule } from './evaluationSchedule.ts';
import { stepToPauseAt } from './extent.ts';
import { networkInTraining, type RunData } from './networkInTraining.ts';
import { PauseGate, Stopped } from './pauseGate.ts';
import { Stopwatch } from './stopwatch.ts';

/** Milliseconds between two reports of progress. */
const reportIntervalMs = 250;
/** Images of a mini-batch that are shown between the halves of a step. */
const shownOfBatch = 10;

/** The resources of a run once its network exists. */
interface Equipment {
  readonly backend: Backend;
  readonly data: RunData;
  readonly trainer: Trainer;
  readonly queries: NetworkQueries;
}

/**
 * One training run: its own loop that steps, evaluates, reports and can be paused at any step.
 * Several runs interleave on one backend, because each awaits the backend after every step. One class, since all of it
 * guards one state: the network between two steps.
 */
export class Run {
  readonly #id: string;
  readonly #config: RunConfig;
  readonly #checkpoint: Checkpoint | null;
  readonly #report: (report: RunReport) => void;
  readonly #watch = new Stopwatch();
  readonly #gate: PauseGate;
  #equipment: Equipment | null = null;
  #attack: Attack;
  /** How far to train; the number of steps is known when the run starts or resumes. */
  #extent: Extent;
  /** The step after which the run pauses. */
  #pauseAt = Infinity;
  /** Finished or failed: it can neither pause nor resume. */
  #isOver = false;
  #trainMs: number;
  #lastReportMs = 0;
  readonly #checkpoints: CheckpointSchedule;

  /** The parameters are those of the worker's `start`. */
  constructor(
    { runId, config, checkpoint }: RunStart,
    attack: Attack,
    extent: Extent,
    isInLockstep: boolean,
    post: (event: RunEvent) => void,
  ) {
    this.#id = runId;
    this.#config = config;
    this.#attack = attack;
    this.#extent = extent;
    this.#checkpoint = checkpoint;
    this.#gate = new PauseGate(isInLockstep);
    this.#trainMs = (checkpoint?.trainSeconds ?? 0) * 1000;
    this.#checkpoints = new CheckpointSchedule(checkpoint?.step ?? 0);
    this.#report = (report) => post({ ...report, runId });
  }

  pause(): void {
    if (this.#gate.isPaused || this.#isOver) return;
    this.#gate.pause();
    this.#report({ type: 'paused', progress: this.#progress() });
  }

  resume(extent: Extent): void {
    if (this.#isOver) return;
    this.#extent = extent;
    this.#pauseAt = this.#findPause();
    if (!this.#gate.isPaused || extent === 'none') return;
    this.#report({ type: 'resumed' });
    this.#gate.resume();
  }

  /** See `allow` in WorkerApi. */
  allow(epoch: number): void {
    this.#gate.allow(epoch);
  }

  /** Ends the loop, which frees the run's memory as it exits. */
  stop(): void {
    this.#gate.stop();
  }

  setAttack(attack: Attack): void {
    this.#attack = attack;
  }

  /** Queries for the run's network. @throws LabError 'network-gone' while it has none yet */
  get queries(): NetworkQueries {
    if (this.#equipment) return this.#equipment.queries;
    throw new LabError(
      'network-gone',
      `Run ${this.#id} has no network yet.`,
      'Wait until the run has started.',
    );
  }

  /**
   * Trains to the end of the run. Settles when the run was stopped; a run that has finished or
   * failed stays until then, so that its network can still be attacked.
   */
  async drive(loadData: () => Promise<RunData>, backend: Backend): Promise<void> {
    try {
      await this.#gate.pass();
      this.#report({ type: 'preparing', activity: 'loading-data' });
      const data = await loadData();
      await this.#gate.pass();
      await this.#train(await this.#equip(backend, data));
    } catch (error) {
      if (!(error instanceof Stopped)) {
        this.#isOver = true;
        this.#report({ type: 'failed', error: reportError(error) });
      }
    }
    await this.#gate.end();
    this.#equipment?.queries.stop();
    this.#equipment?.trainer.dispose();
    this.#equipment = null;
  }

  /** Creates the network and, if it is new, evaluates it untrained. */
  async #equip(backend: Backend, data: RunData): Promise<Equipment> {
    this.#report({ type: 'preparing', activity: 'compiling' });
    await this.#yieldToEventLoop();
    const trainer = new Trainer(backend, this.#config, data.training, this.#checkpoint);
    const checkpoint = () => this.#snapshot(trainer);
    const network = networkInTraining(backend, this.#config, data, trainer, this.#gate, checkpoint);
    const queries = new NetworkQueries(network);
    const equipment = { backend, data, trainer, queries };
    this.#equipment = equipment;
    this.#pauseAt = this.#findPause();
    // Compiles the shaders of both passes too.
    if (trainer.step === 0) await this.#evaluate(equipment, 'quick');
    this.#watch.restart();
    this.#report({ type: 'started', progress: this.#progress() });
    return equipment;
  }

  async #train(equipment: Equipment): Promise<void> {
    const { backend, trainer } = equipment;
    const { stepsPerEpoch, totalSteps } = trainer;
    const schedule = new EvaluationSchedule(this.#config.batchSize, stepsPerEpoch, totalSteps);
    let previous = Promise.resolve();
    if (this.#extent === 'none' && trainer.step < totalSteps) this.pause();
    while (trainer.step < totalSteps) {
      await this.#yieldToEventLoop(() => this.#keep(trainer, null));
      if (this.#extent === 'half-step' && !trainer.isPrepared) {
        await this.#prepareStep(trainer);
        continue;
      }
      const startMs = performance.now();
      const sampleCount = trainer.trainStep();
      // At most two steps in flight: a pause takes effect soon, and the GPU never waits for the page.
      const current = backend.finished();
      current.catch(() => undefined); // a rejection is thrown where it is awaited
      await previous;
      previous = current;
      this.#trainMs += performance.now() - startMs;
      this.#watch.addStep(sampleCount);

      const { step } = trainer;
      if (schedule.isLossDue(step)) await this.#measureLoss(trainer);
      const due = schedule.due(step);
      const isReportDue = performance.now() - this.#lastReportMs >= reportIntervalMs;
      if (isReportDue || due || step >= this.#pauseAt) this.#reportProgress();
      if (due) await this.#evaluate(equipment, due.kind);
      // A user who takes single steps wants to see the effect of each. It does not change the training.
      else if (step >= this.#pauseAt && this.#extent.endsWith('step'))
        await this.#evaluate(equipment, 'quick');
      if (step % stepsPerEpoch === 0) {
        this.#report({ type: 'epochCompleted', epoch: step / stepsPerEpoch });
      }
      if (step >= this.#pauseAt && step < totalSteps) this.pause();
      await this.#keep(trainer, due);
      if (due && step < totalSteps) {
        await this.#gate.passEvaluation(
          step / stepsPerEpoch,
          // Single steps are not delayed: the others may never reach the same point.
          () => this.#extent === 'end' || this.#extent === 'epoch',
          () => this.#keep(trainer, null),
        );
      }
    }
    await previous;
    this.#isOver = true;
    this.#report({ type: 'finished', progress: this.#progress() });
  }

  /** The first half of a step, then a pause. */
  async #prepareStep(trainer: Trainer): Promise<void> {
    trainer.prepareStep();
    const prepared = await trainer.readPrepared(shownOfBatch);
    if (prepared) {
      this.#report({ type: 'stepPrepared', step: trainer.step, prepared });
    }
    this.pause();
  }

  #findPause(): number {
    const { step, stepsPerEpoch } = this.#equipment?.trainer ?? { step: 0, stepsPerEpoch: 1 };
    return stepToPauseAt(this.#extent, step, stepsPerEpoch);
  }

  /** Reads the training loss, which synchronizes with the backend. */
  async #measureLoss(trainer: Trainer): Promise<void> {
    const loss = await trainer.takeTrainLoss();
    if (loss === null) return;
    assertFinite(loss, trainer.step, this.#config);
    const point = { step: trainer.step, epoch: trainer.step / trainer.stepsPerEpoch, loss };
    this.#report({ type: 'lossMeasured', point });
  }

  #reportProgress(): void {
    this.#watch.lap();
    this.#lastReportMs = performance.now();
    this.#report({ type: 'progressed', progress: this.#progress() });
  }

  async #evaluate(equipment: Equipment, kind: DueEvaluation['kind']): Promise<void> {
    const { backend, trainer, data } = equipment;
    const { step, network } = trainer;
    if (kind === 'full') {
      this.#report({ type: 'preparing', activity: 'evaluating' });
    }
    this.#watch.lap();
    const count = kind === 'full' ? data.evaluation.set.count : quickEvaluationSize;
    // An evaluation also completes during a pause: only then is the step whole and can be saved.
    const yieldToEventLoop = async (): Promise<void> => {
      await nextTask();
      await this.#gate.serve();
    };
    const { evaluation: set } = data;
    const evaluation = await score(
      backend,
      network,
      trainer,
      set,
      this.#attack,
      count,
      yieldToEventLoop,
    );
    this.#watch.addEvaluation();
    assertFinite(evaluation.clean.loss, step, this.#config);
    assertFinite(evaluation.adversarial.loss, step, this.#config);
    this.#report({ type: 'evaluated', evaluation });
  }

  /**
   * Posts a checkpoint if one is due: at the end of an epoch, on a pause, or after a while. The previous one stays
   * the newest if training could not continue from this one.
   *
   * @throws LabError 'loss-not-finite' if weights or losses are not finite: a pause may come before the loss is read
   */
  async #keep(trainer: Trainer, due: DueEvaluation | null): Promise<void> {
    const { step } = trainer;
    if (!this.#checkpoints.isDue(step, due, this.#gate.isPaused)) return;
    const checkpoint = await this.#snapshot(trainer);
    this.#checkpoints.kept(step);
    const broken = findNotFinite(checkpoint);
    if (broken === 'weights' || broken === 'losses') {
      throw diverged(`The ${broken} became infinite or NaN by step ${step}`, this.#config);
    }
    // RMSprop's state can overflow while the weights stay finite: the run trains on, but its state is not saved.
    if (broken !== null) return;
    this.#report({ type: 'checkpointed', checkpoint });
  }

  async #snapshot(trainer: Trainer): Promise<Checkpoint> {
    return { ...(await trainer.snapshot()), trainSeconds: this.#trainMs / 1000 };
  }

  /** Yields to messages, waits while the run is paused, and ends the run's code once it was stopped. */
  async #yieldToEventLoop(onPause: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await nextTask();
    const isHeld = this.#gate.isPaused;
    if (isHeld) await onPause();
    await this.#gate.pass();
    if (isHeld) this.#watch.lap({ discard: true });
  }

  #progress(): Progress {
    const { step, stepsPerEpoch, totalSteps } = this.#equipment?.trainer ?? {
      step: 0,
      stepsPerEpoch: 0,
      totalSteps: 0,
    };
    return {
      step,
      stepsPerEpoch,
      totalSteps,
      trainSeconds: this.#trainMs / 1000,
      samplesPerSecond: this.#watch.samplesPerSecond,
      secondsLeft: this.#watch.secondsFor(totalSteps - step),
    };
  }
}
