import { vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import type {
  Attack,
  AttackedImages,
  EnginePreference,
  Evaluation,
  Progress,
} from '../../domain/metrics.ts';
import type { ClientEvent, LabelledImages, TrainingClient } from '../../worker/client.ts';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import { createLab } from '../lab.ts';
import { makeAttack } from '../runs/measurements.ts';
import type { ExperimentArchive } from '../storage/openArchive.ts';

export const progress: Progress = {
  step: 10,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainSeconds: 2,
  samplesPerSecond: 1000,
  secondsLeft: 30,
};
const score = { loss: 1, errorRate: 0.5 };
export const evaluation: Evaluation = {
  step: 10,
  epoch: 0.1,
  split: 'test',
  sampleCount: 1000,
  clean: score,
  adversarial: score,
  attack: makeAttack('fgsm', 0.08),
};
export const engine = {
  name: 'WebGL',
  device: 'A graphics processor',
  isSoftware: false,
  isFloat32: true,
  reason: 'It is there.',
} as const;
export const death = { code: 'worker-died', message: 'It stopped.', remedy: 'Restart.' } as const;

/** A client without workers: it records calls, and the test resolves them and sends events. */
export function createFakeClient() {
  let listener: (event: ClientEvent) => void = () => undefined;
  const attacks: {
    runId: string;
    attack: Attack;
    answer: () => void;
    refuse: (error: LabError) => void;
  }[] = [];
  const images: LabelledImages = { images: new Float32Array(784), labels: new Uint8Array(1) };
  const client = {
    start: vi.fn<TrainingClient['start']>(),
    load: vi.fn<TrainingClient['load']>(() => Promise.resolve()),
    resume: vi.fn<TrainingClient['resume']>(),
    pause: vi.fn<TrainingClient['pause']>(),
    reset: vi.fn<TrainingClient['reset']>(),
    setAttack: vi.fn<TrainingClient['setAttack']>(),
    terminate: vi.fn<TrainingClient['terminate']>(),
    classify: vi.fn<TrainingClient['classify']>(() => new Promise(() => undefined)),
    inspectStep: vi.fn<TrainingClient['inspectStep']>(() => new Promise(() => undefined)),
    inspect: () => new Promise<never>(() => undefined),
    measureDirections: vi.fn<TrainingClient['measureDirections']>(
      () => new Promise(() => undefined),
    ),
    freeze: vi.fn<TrainingClient['freeze']>(() => Promise.resolve(100)),
    measure: vi.fn<TrainingClient['measure']>(() => new Promise(() => undefined)),
    measureTraining: () => Promise.resolve(null),
    bound: vi.fn<TrainingClient['bound']>(() => new Promise(() => undefined)),
    provenEpsilon: vi.fn<TrainingClient['provenEpsilon']>(() => Promise.resolve(0.02)),
    checkpoint: vi.fn<TrainingClient['checkpoint']>(() => new Promise(() => undefined)),
    useData: vi.fn<TrainingClient['useData']>(() => Promise.resolve(null)),
    testImages: vi.fn<TrainingClient['testImages']>(() => Promise.resolve({ ...images })),
    attack: vi.fn(
      (runId: string, shown: LabelledImages, attack: Attack) =>
        new Promise<AttackedImages>((resolve, reject) => {
          const result: AttackedImages = {
            ...shown,
            attack,
            adversarialImages: shown.images,
            cleanProbabilities: new Float32Array(10),
            adversarialProbabilities: new Float32Array(10),
          };
          attacks.push({ runId, attack, answer: () => resolve(result), refuse: reject });
        }),
    ),
    subscribe: (heard: (event: ClientEvent) => void) => {
      listener = heard;
      return () => {
        listener = () => undefined;
      };
    },
  };
  return { client, attacks, emit: (event: ClientEvent) => listener(event) };
}

/** A lab whose engines are fake clients; their replacements come from `fakes`. */
export function setUp(archive: ExperimentArchive | null = null) {
  const fakes = [createFakeClient()];
  const connect = vi.fn<(engine: EnginePreference) => TrainingClient>(
    () => fakes[fakes.length - 1]!.client,
  );
  const lab = createLab(connect, archive);
  const { client, attacks, emit } = fakes[0]!;
  return { lab, connect, fakes, client, attacks, emit, state: () => lab.store.getState() };
}

/** Runs pending promises; timers are mocked. */
export async function flush(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** An experiment with two runs, plain and adversarial, that has started. */
export async function setUpTraining(archive: ExperimentArchive | null = null) {
  const all = setUp(archive);
  await flush();
  all.lab.removeEntry(1);
  all.lab.train();
  const runIds = all.state().runs.map(({ id }) => id);
  for (const runId of runIds) {
    all.emit({ type: 'started', runId, progress: { ...progress, step: 0 } });
  }
  return { ...all, runIds, runId: runIds[0]! };
}

export const checkpoint: Checkpoint = {
  step: 10,
  layers: [],
  scores: new Float32Array(2),
  scored: 0,
  trainSeconds: 2,
};
