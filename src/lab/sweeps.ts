import type { StoreApi } from 'zustand/vanilla';
import { LabError, reportError } from '../shared/errors.ts';
import type { TrainingClient } from '../worker/client.ts';
import { isFullEvaluation } from './history.ts';
import {
  addReading,
  type AttackKind,
  attackKinds,
  findReading,
  makeAttack,
  sweepSizes,
  sweptEpsilons,
} from './readings.ts';
import { findRaceStatus } from './run.ts';
import { testCountOf } from './wholeCount.ts';
import type { LabState, Robustness } from './state.ts';
import { isOldNews } from './oldNews.ts';

/** Images that transfer between runs is measured on, where there are as many: what one request may hold. */
const transferCount = 1000;

/** Measures robustness, one question at a time. */
export interface Sweeps {
  /** Measures every run that has a network, at all ε, by all attacks. What a person asks for takes the
   * place of what is under way. */
  sweep(size: keyof typeof sweepSizes): void;
  /** Measures every run at the page's attack ε, by FGSM and PGD, on all images. */
  measureAtEpsilon(): void;
  /** A quick sweep after an epoch, unless something is being measured. */
  sweepEpoch(): void;
  /** The page's attack ε on all images and a sweep, after the last epoch and after what is asked for. */
  measureEnd(): void;
  /** Tries examples made on each run on all of them. */
  measureTransfer(kind: AttackKind): void;
  cancel(): void;
}

interface Question {
  readonly runId: string;
  readonly kind: AttackKind;
  readonly epsilon: number;
  readonly count: number;
}

export function createSweeps(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  getClient: () => TrainingClient | null,
): Sweeps {
  /** Of the task under way: each new one has the one before given up. */
  let task = new AbortController();
  /** Whether a person asked for what is under way: nothing automatic takes its place. */
  let isAsked = false;
  /** Waits for what a person asked for to end. */
  let deferred: (() => void) | null = null;

  function set(changes: Partial<Robustness>): void {
    setState({ robustness: { ...getState().robustness, ...changes } });
  }

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
      findRaceStatus(getState().runs) !== 'busy' &&
      stepsOf(runIds).every((step, index) => step === steps[index]);
    if (isStill) return;
    throw new LabError(
      'network-moved',
      'Training went on while transfer was measured: its rows would be of different networks.',
      'Pause the race and measure transfer again.',
    );
  }

  function startTask(): AbortController {
    task.abort();
    task = new AbortController();
    return task;
  }

  /** Does the parts of a task one after another; tells progress and what went wrong. */
  async function work(parts: readonly (() => Promise<void>)[], isWanted: boolean): Promise<void> {
    const { signal } = startTask();
    isAsked = isWanted;
    set({ progress: { done: 0, total: parts.length }, error: null });
    try {
      for (const [done, part] of parts.entries()) {
        set({ progress: { done, total: parts.length } });
        await part();
        if (signal.aborted) return;
      }
    } catch (thrown) {
      if (!signal.aborted && !isOldNews(thrown)) set({ error: reportError(thrown) });
    }
    if (signal.aborted) return;
    set({ progress: null });
    const next = deferred;
    deferred = null;
    next?.();
  }

  /** All that is measured of a run belongs to one moment of it: that of this call. */
  async function freeze(runId: string): Promise<void> {
    await getClient()?.freeze(runId);
  }

  async function measure({ runId, kind, epsilon, count }: Question): Promise<void> {
    const client = getClient();
    const run = getState().runs.find(({ id }) => id === runId);
    if (client === null || run === undefined) return;
    const attack = makeAttack(kind, epsilon);
    const reading = await client.measure(runId, attack, count, task.signal);
    setState({
      runs: getState().runs.map((one) =>
        one.id === runId ? { ...one, readings: addReading(one.readings, reading) } : one,
      ),
    });
  }

  function ask(questions: readonly Question[], isWanted: boolean): void {
    const runIds = [...new Set(questions.map(({ runId }) => runId))];
    const freezing = runIds.map((runId) => () => freeze(runId));
    const measuring = questions.map((question) => () => measure(question));
    void work([...freezing, ...measuring], isWanted);
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
    const known = run && findReading(run.readings, kind, epsilon);
    if (!known || known.step !== run.progress?.step) return true;
    return known.sampleCount < count && !isFullEvaluation(known, run.config);
  }

  return {
    sweep: (size) => ask(questionsOfSweep(sweepSizes[size]), true),
    sweepEpoch: () => {
      if (getState().robustness.progress !== null) return;
      ask(questionsOfSweep(sweepSizes.quick), false);
    },
    measureAtEpsilon: () => ask(questionsAtEpsilon(), true),
    measureEnd: () => {
      const start = (): void =>
        ask([...questionsAtEpsilon(), ...questionsOfSweep(sweepSizes.final)].filter(isOpen), false);
      if (isAsked && getState().robustness.progress !== null) deferred = start;
      else start();
    },
    measureTransfer: (kind) => {
      const client = getClient();
      const runIds = networks();
      const steps = stepsOf(runIds);
      const epsilon = getState().attackEpsilon;
      if (client === null) return;
      const count = Math.min(transferCount, testCountOf(getState()));
      const errorRates: number[][] = [];
      const parts = runIds.map((madeOn) => async () => {
        const digits = await client.testImages(0, count);
        const made = await client.attack(madeOn, digits, makeAttack(kind, epsilon));
        const row: number[] = [];
        for (const triedOn of runIds) {
          const answers = await client.classify(triedOn, made.adversarialImages);
          row.push(countErrors(answers, digits.labels) / digits.labels.length);
        }
        assertStill(runIds, steps);
        errorRates.push(row);
        if (errorRates.length < runIds.length) return;
        const sampleCount = digits.labels.length;
        set({ transfer: { kind, epsilon, sampleCount, runIds, steps, errorRates } });
      });
      void work(parts, true);
    },
    cancel: () => {
      startTask();
      deferred = null;
      // What was measured before stays.
      set({ progress: null, error: null });
    },
  };
}

/** Images whose largest of ten probabilities is not at the label; the first of equal ones counts. */
function countErrors(probabilities: Float32Array, labels: Uint8Array): number {
  const classes = probabilities.length / labels.length;
  return labels.reduce((errors, label, i) => {
    const answers = probabilities.subarray(i * classes, (i + 1) * classes);
    return errors + (answers.indexOf(Math.max(...answers)) === label ? 0 : 1);
  }, 0);
}
