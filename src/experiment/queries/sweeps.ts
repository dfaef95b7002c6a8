import { LabError } from '../../domain/errors.ts';
import type { Evaluation } from '../../domain/metrics.ts';
import { methodUses } from '../../domain/settings/methods.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { isFullEvaluation } from '../runs/history.ts';
import { answeringNetworks } from '../runs/answering.ts';
import { createTask } from './createTask.ts';
import { makeL2Curves } from './l2Curves.ts';
import { makeSmallestSearch, searchedDigits } from './smallestChanges.ts';
import {
  type MeasuredKind,
  measuredKinds,
  boundedChunk,
  boundedCount,
  boundedEpsilons,
  findMeasurement,
  makeAttack,
  makeBounds,
  type Measurement,
  sweepSizes,
  sweptEpsilons,
} from '../runs/measurements.ts';
import { findExperimentStatus } from '../runs/run.ts';
import type { LabReader, Slice } from '../slices.ts';
import type { Robustness } from '../state.ts';
import { testCountOf } from '../runs/wholeCount.ts';

/** Number of training images whose errors are measured. */
const trainingCount = 1000;
/** Number of images for transfer between runs, if there are as many: the maximum of one request. */
const transferCount = 1000;

interface Question {
  readonly runId: string;
  readonly kind: MeasuredKind;
  readonly epsilon: number;
  readonly count: number;
  /** Whether each image's result is kept, to compare networks image by image. */
  readonly areMistakesKept: boolean;
}

/** Part of a task: sends the worker one or a few queries. */
type Part = (client: TrainingClient, signal: AbortSignal) => Promise<void>;

/** Measures robustness, one query at a time. @param onMeasurement stores a measurement of a run */
export function createSweeps(
  { getState }: Pick<LabReader, 'getState'>,
  robustness: Slice<Robustness>,
  getClient: () => TrainingClient | null,
  onMeasurement: (runId: string, measurement: Measurement) => void,
) {
  const task = createTask<NonNullable<Robustness['progress']>>({
    onProgress: (progress) => robustness.update({ progress }),
    onError: (error) => robustness.update({ error }),
  });
  /** Whether the user requested the work in progress: automatic measurements do not replace it. */
  let isAsked = false;
  /** Waits for the user's request to end. */
  let deferred: (() => void) | null = null;

  function networks(): string[] {
    return getState().runs.flatMap(({ hasNetwork, id }) => (hasNetwork ? [id] : []));
  }

  function stepsOf(runIds: readonly string[]): number[] {
    const { runs } = getState();
    return runIds.map((runId) => runs.find(({ id }) => id === runId)?.progress?.step ?? 0);
  }

  /** @throws LabError when the experiment continued: a matrix would mix networks from different steps */
  function assertStill(runIds: readonly string[], steps: readonly number[]): void {
    const isStill =
      findExperimentStatus(getState().runs) !== 'busy' &&
      stepsOf(runIds).every((step, index) => step === steps[index]);
    if (isStill) return;
    throw new LabError(
      'network-moved',
      'Training continued while transfer was measured, so its rows would belong to different networks.',
      'Pause the experiment and measure transfer again.',
    );
  }

  /** Does the parts of a task in sequence. @param release called at the end, also of a canceled task */
  async function work(
    parts: readonly Part[],
    isWanted: boolean,
    release: () => void = () => undefined,
  ): Promise<void> {
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
    release();
    if (!hasEnded) return;
    const next = deferred;
    deferred = null;
    next?.();
  }

  function measure({ runId, kind, epsilon, count, areMistakesKept }: Question): Part {
    return async (client, signal) => {
      const found = await client.measure(runId, makeAttack(kind, epsilon), count, signal);
      const training = isTrainingAttack(runId, kind, epsilon)
        ? await client.measureTraining(runId, Math.min(count, trainingCount), signal)
        : null;
      const kept = areMistakesKept ? found : withoutMistakes(found);
      onMeasurement(runId, training === null ? kept : { ...kept, training });
    };
  }

  /** Whether this is FGSM at the run's training ε, under which its training images are measured, too. */
  function isTrainingAttack(runId: string, kind: MeasuredKind, epsilon: number): boolean {
    const config = getState().runs.find(({ id }) => id === runId)?.config;
    return (
      kind === 'fgsm' &&
      config !== undefined &&
      methodUses(config.method, 'epsilon') &&
      config.trainingEpsilon === epsilon
    );
  }

  function ask(questions: readonly Question[], isWanted: boolean): void {
    const runIds = [...new Set(questions.map(({ runId }) => runId))];
    // All measurements of a run belong to one step: the one at this call.
    const freezing = runIds.map((runId): Part => async (client, signal) => {
      await client.freeze(runId, signal);
    });
    void work([...freezing, ...questions.map(measure)], isWanted);
  }

  /** The runs take turns, so that curves of all grow together. */
  function questionsOfSweep(count: number): Question[] {
    const { attackEpsilon, runs } = getState();
    const own = runs
      .filter(({ config }) => methodUses(config.method, 'epsilon'))
      .map(({ config }) => config.trainingEpsilon);
    const epsilons = [...new Set([...sweptEpsilons, attackEpsilon, ...own])];
    epsilons.sort((a, b) => a - b);
    return measuredKinds.flatMap((kind) =>
      epsilons.flatMap((epsilon) =>
        networks().map((runId) => ({ runId, kind, epsilon, count, areMistakesKept: false })),
      ),
    );
  }

  function questionsAtEpsilon(): Question[] {
    const epsilon = getState().attackEpsilon;
    const count = sweepSizes.full;
    return (['fgsm', 'margin-pgd'] as const).flatMap((kind) =>
      networks().map((runId) => ({ runId, kind, epsilon, count, areMistakesKept: true })),
    );
  }

  /** Whether this was not yet measured for the run's present network: a saved experiment has most measurements. */
  function isOpen({ runId, kind, epsilon, count, areMistakesKept }: Question): boolean {
    const run = getState().runs.find(({ id }) => id === runId);
    const known = run && findMeasurement(run.measurements, kind, epsilon);
    if (!known || known.step !== run.progress?.step) return true;
    if (areMistakesKept && known.mistakes === undefined) return true;
    if (isTrainingAttack(runId, kind, epsilon) && known.training === undefined) return true;
    return known.sampleCount < count && !isFullEvaluation(known, run.config);
  }

  /** The parts of bounding one run: its copy is made first, so that all bounds belong to one step. */
  function boundRun(runId: string, epsilons: readonly number[], count: number): Part[] {
    const candidates = new Uint8Array(count).fill(1);
    const clean: { evaluation: Measurement | null } = { evaluation: null };
    /** A run that holds out images may be measured on fewer. */
    const size = () => Math.min(count, clean.evaluation?.sampleCount ?? count);
    const freeze: Part = async (client, signal) => {
      await client.freeze(runId, signal);
      const found = await client.measure(runId, makeAttack('fgsm', 0), count, signal);
      clean.evaluation = withoutMistakes(found);
    };
    const parts = epsilons.flatMap((epsilon) => {
      const bounds = makeBounds(epsilon);
      let proven = 0;
      const starts = Array.from(
        { length: Math.ceil(count / boundedChunk) },
        (_, at) => at * boundedChunk,
      );
      const attacks = starts.map((first): Part => async (client, signal) => {
        const chunk = candidates.slice(first, Math.min(size(), first + boundedChunk));
        if (chunk.length === 0) return;
        const found = await client.bound(runId, bounds.strongest, first, chunk, signal);
        candidates.set(found.survives, first);
        proven += sum(found.proven);
      });
      const store: Part = () => {
        for (const [attack, safe] of [
          [bounds.strongest, sum(candidates.subarray(0, size()))],
          [bounds.certificate, proven],
        ] as const) {
          const adversarial = { loss: Number.NaN, errorRate: (size() - safe) / size() };
          onMeasurement(runId, { ...clean.evaluation!, adversarial, attack });
        }
        return Promise.resolve();
      };
      return [...attacks, store];
    });
    return [freeze, ...parts];
  }

  return {
    /** Measures every run with a network, at all ε, by all attacks. The user's requests replace work in progress. */
    sweep: (size: keyof typeof sweepSizes) => ask(questionsOfSweep(sweepSizes[size]), true),
    /** A quick sweep after an epoch, unless something is being measured. */
    sweepEpoch: () => {
      if (robustness.get().progress !== null) return;
      ask(questionsOfSweep(sweepSizes.quick), false);
    },
    /** Measures every run at the page's attack ε, by FGSM and PGD, on all images. */
    measureAtEpsilon: () => ask(questionsAtEpsilon(), true),
    /** Measures at the page's attack ε on all images and sweeps, once the user's requests are done. */
    measureEnd: () => {
      const start = (): void =>
        ask([...questionsAtEpsilon(), ...questionsOfSweep(sweepSizes.final)].filter(isOpen), false);
      if (isAsked && robustness.get().progress !== null) deferred = start;
      else start();
    },
    /**
     * Bounds the robustness of every run at each ε, from the smallest on: proofs, and the strongest attack. Its restarts and
     * Square are for images that are neither proven safe nor fooled by a smaller ε.
     */
    measureBounds: () => {
      const epsilons = [...boundedEpsilons, getState().attackEpsilon].filter((one) => one > 0);
      const rising = [...new Set(epsilons)].sort((a, b) => a - b);
      const count = Math.min(boundedCount, testCountOf(getState()));
      void work(
        networks().flatMap((runId) => boundRun(runId, rising, count)),
        true,
      );
    },
    /** Measures every run under PGD in the Euclidean norm. */
    measureL2: () => void work(makeL2Curves(networks(), robustness), true),
    /** Searches the smallest change of each of the first test digits that fools each network. */
    measureSmallest: () => {
      const networkIds = answeringNetworks(getState()).map(({ id }) => id);
      robustness.update({ smallest: {} });
      const { parts, release } = makeSmallestSearch({
        networkIds,
        count: Math.min(searchedDigits, testCountOf(getState())),
        runOf: (id) => getState().runs.find((run) => run.id === id),
        onFound: (id, changes) => {
          robustness.update({ smallest: { ...robustness.get().smallest, [id]: changes } });
        },
      });
      void work(parts, true, release);
    },
    /** Tests all runs on adversarial images crafted on each of them. */
    measureTransfer: (kind: MeasuredKind) => {
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
      robustness.update({ error: null }); // earlier measurements stay
    },
  };
}

function withoutMistakes({ mistakes: _mistakes, ...measurement }: Evaluation): Evaluation {
  return measurement;
}

function sum(flags: Uint8Array): number {
  return flags.reduce((total, flag) => total + flag, 0);
}

/** Number of images whose largest of ten probabilities is not at the label; of equal ones the first counts. */
function countErrors(probabilities: Float32Array, labels: Uint8Array): number {
  const classes = probabilities.length / labels.length;
  return labels.reduce((errors, label, i) => {
    const outputs = probabilities.subarray(i * classes, (i + 1) * classes);
    return errors + (outputs.indexOf(Math.max(...outputs)) === label ? 0 : 1);
  }, 0);
}
