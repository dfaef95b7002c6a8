import { LabError } from '../../domain/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { isFullEvaluation } from '../runs/history.ts';
import { createTask } from './createTask.ts';
import {
  type AttackKind,
  attackKinds,
  findMeasurement,
  makeAttack,
  type Measurement,
  sweepSizes,
  sweptEpsilons,
} from '../runs/measurements.ts';
import { findExperimentStatus } from '../runs/run.ts';
import type { LabReader, Slice } from '../slices.ts';
import type { Robustness } from '../state.ts';
import { testCountOf } from '../runs/wholeCount.ts';

/** Images that transfer between runs is measured on, where there are as many: what one request may hold. */
const transferCount = 1000;

/** Measures robustness, one question at a time. */
export interface Sweeps {
  /** Measures every run that has a network, at all ε, by all attacks. What a person asks for replaces what is under way. */
  sweep(size: keyof typeof sweepSizes): void;
  /** Measures every run at the page's attack ε, by FGSM and PGD, on all images. */
  measureAtEpsilon(): void;
  /** A quick sweep after an epoch, unless something is being measured. */
  sweepEpoch(): void;
  /** The page's attack ε on all images and a sweep, after the last epoch and after what is asked for. */
  measureEnd(): void;
  /** Tests all runs on examples that were made on each of them. */
  measureTransfer(kind: AttackKind): void;
  cancel(): void;
}

interface Question {
  readonly runId: string;
  readonly kind: AttackKind;
  readonly epsilon: number;
  readonly count: number;
}

/** Part of a task: it asks the worker once or a few times. */
type Part = (client: TrainingClient, signal: AbortSignal) => Promise<void>;

/** @param onReading stores what was measured of a run */
export function createSweeps(
  { getState }: Pick<LabReader, 'getState'>,
  robustness: Slice<Robustness>,
  getClient: () => TrainingClient | null,
  onReading: (runId: string, reading: Measurement) => void,
): Sweeps {
  const task = createTask<NonNullable<Robustness['progress']>>({
    onProgress: (progress) => robustness.update({ progress }),
    onError: (error) => robustness.update({ error }),
  });
  /** Whether a person asked for what is under way: nothing automatic replaces it. */
  let isAsked = false;
  /** Waits for what a person asked for to end. */
  let deferred: (() => void) | null = null;

  function networks(): string[] {
    return getState().runs.flatMap(({ hasNetwork, id }) => (hasNetwork ? [id] : []));
  }

  function stepsOf(runIds: readonly string[]): number[] {
    const { runs } = getState();
    return runIds.map((runId) => runs.find(({ id }) => id === runId)?.progress?.step ?? 0);
  }

  /** @throws LabError when the race went on: a matrix would be of networks of different moments */
  function assertStill(runIds: readonly string[], steps: readonly number[]): void {
    const isStill =
      findExperimentStatus(getState().runs) !== 'busy' &&
      stepsOf(runIds).every((step, index) => step === steps[index]);
    if (isStill) return;
    throw new LabError(
      'network-moved',
      'Training went on while transfer was measured: its rows would be of different networks.',
      'Pause the race and measure transfer again.',
    );
  }

  /** Does the parts of a task one after another. */
  async function work(parts: readonly Part[], isWanted: boolean): Promise<void> {
    const client = getClient();
    if (client === null) return;
    isAsked = isWanted;
    robustness.update({ error: null });
    const hasEnded = await task.start(async (signal, onProgress) => {
      for (const [done, part] of parts.entries()) {
        onProgress({ done, total: parts.length });
        await part(client, signal);
        signal.throwIfAborted();
      }
    });
    if (!hasEnded) return;
    const next = deferred;
    deferred = null;
    next?.();
  }

  function measure({ runId, kind, epsilon, count }: Question): Part {
    return async (client, signal) =>
      onReading(runId, await client.measure(runId, makeAttack(kind, epsilon), count, signal));
  }

  function ask(questions: readonly Question[], isWanted: boolean): void {
    const runIds = [...new Set(questions.map(({ runId }) => runId))];
    // All that is measured of a run belongs to one moment of it: that of this call.
    const freezing = runIds.map((runId): Part => async (client, signal) => {
      await client.freeze(runId, signal);
    });
    void work([...freezing, ...questions.map(measure)], isWanted);
  }

  /** The runs take turns, so that curves of all grow together. */
  function questionsOfSweep(count: number): Question[] {
    const epsilons = [...new Set([...sweptEpsilons, getState().attackEpsilon])];
    epsilons.sort((a, b) => a - b);
    return attackKinds.flatMap((kind) =>
      epsilons.flatMap((epsilon) => networks().map((runId) => ({ runId, kind, epsilon, count }))),
    );
  }

  function questionsAtEpsilon(): Question[] {
    const epsilon = getState().attackEpsilon;
    const count = sweepSizes.full;
    return (['fgsm', 'pgd'] as const).flatMap((kind) =>
      networks().map((runId) => ({ runId, kind, epsilon, count })),
    );
  }

  /** Whether this was not yet measured of the run's present network: of a kept race, most was. */
  function isOpen({ runId, kind, epsilon, count }: Question): boolean {
    const run = getState().runs.find(({ id }) => id === runId);
    const known = run && findMeasurement(run.readings, kind, epsilon);
    if (!known || known.step !== run.progress?.step) return true;
    return known.sampleCount < count && !isFullEvaluation(known, run.config);
  }

  return {
    sweep: (size) => ask(questionsOfSweep(sweepSizes[size]), true),
    sweepEpoch: () => {
      if (robustness.get().progress !== null) return;
      ask(questionsOfSweep(sweepSizes.quick), false);
    },
    measureAtEpsilon: () => ask(questionsAtEpsilon(), true),
    measureEnd: () => {
      const start = (): void =>
        ask([...questionsAtEpsilon(), ...questionsOfSweep(sweepSizes.final)].filter(isOpen), false);
      if (isAsked && robustness.get().progress !== null) deferred = start;
      else start();
    },
    measureTransfer: (kind) => {
      const runIds = networks();
      const steps = stepsOf(runIds);
      const epsilon = getState().attackEpsilon;
      const count = Math.min(transferCount, testCountOf(getState()));
      const errorRates: number[][] = [];
      const parts = runIds.map((source): Part => async (client, signal) => {
        const digits = await client.testImages(0, count, signal);
        const attack = makeAttack(kind, epsilon);
        const { adversarialImages } = await client.attack(source, digits, attack, signal);
        const row: number[] = [];
        for (const target of runIds) {
          const predictions = await client.classify(target, adversarialImages, signal);
          row.push(countErrors(predictions, digits.labels) / digits.labels.length);
        }
        assertStill(runIds, steps);
        errorRates.push(row);
        if (errorRates.length < runIds.length) return;
        const sampleCount = digits.labels.length;
        robustness.update({ transfer: { kind, epsilon, sampleCount, runIds, steps, errorRates } });
      });
      void work(parts, true);
    },
    cancel: () => {
      deferred = null;
      task.cancel();
      robustness.update({ error: null }); // what was measured before stays
    },
  };
}

/** Images whose largest of ten probabilities is not at the label; the first of equal ones counts. */
function countErrors(probabilities: Float32Array, labels: Uint8Array): number {
  const classes = probabilities.length / labels.length;
  return labels.reduce((errors, label, i) => {
    const outputs = probabilities.subarray(i * classes, (i + 1) * classes);
    return errors + (outputs.indexOf(Math.max(...outputs)) === label ? 0 : 1);
  }, 0);
}
