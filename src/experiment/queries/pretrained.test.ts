import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';
import type { AttackedImages, Progress } from '../../domain/metrics.ts';
import { encodeNetwork, linearShapes } from '../../formats/networkFile.ts';
import { type PretrainedIndex, pretrainedIds } from '../../domain/pretrained.ts';
import type { ClientEvent, LabelledImages, TrainingClient } from '../../worker/client.ts';
import { answeringNetworks, shownNetworks } from '../runs/answering.ts';
import { createLab } from '../lab.ts';
import { fetchPretrained } from './fetchPretrained.ts';
import type { PretrainedFile } from './pretrained.ts';

const folder = 'http://localhost/lab/pretrained/';

function configOf(method: (typeof pretrainedIds)[number]): RunConfig {
  return { ...defaultConfig, method, hiddenLayers: [3] };
}

function makeIndex(): PretrainedIndex {
  return {
    version: 1,
    attackEpsilon: 0.08,
    testImages: 10_000,
    networks: pretrainedIds.map((id) => ({
      id,
      name: id,
      file: `${id}.safetensors`,
      config: configOf(id),
      testErrors: { clean: 0.02, fgsm: 0.5, pgd: 0.75 },
    })),
  };
}

function makeFile(config: RunConfig, value = 0.333): Uint8Array<ArrayBuffer> {
  const layers = linearShapes(config, 784, 10).map(({ fanIn, columns }) => ({
    rows: fanIn + 1,
    columns,
    parameters: new Float32Array((fanIn + 1) * columns).fill(value),
  }));
  const facts = { config, features: 784, classes: 10, stepsTrained: 4690, trainSeconds: null };
  return encodeNetwork(layers, facts, {}, 'F16');
}

/** A server with these files; all others are not found. */
function serve(changes: Record<string, BodyInit> = {}): void {
  const files: Record<string, BodyInit> = { 'index.json': JSON.stringify(makeIndex()) };
  for (const id of pretrainedIds) files[`${id}.safetensors`] = makeFile(configOf(id));
  const all: Record<string, BodyInit> = { ...files, ...changes };
  vi.stubGlobal('fetch', (url: string) => {
    const body = all[url.slice(folder.length)];
    return Promise.resolve(new Response(body ?? '', { status: body === undefined ? 404 : 200 }));
  });
}

afterEach(() => vi.unstubAllGlobals());

describe('fetchPretrained', () => {
  it('returns each network with its record, in half precision as in the file', async () => {
    serve();
    const files = await fetchPretrained(folder);
    expect(files.map(({ network }) => network)).toMatchObject([
      { id: 'pretrained-plain', name: 'plain (pretrained)', paletteIndex: 0, hasNetwork: false },
      { id: 'pretrained-dropout', paletteIndex: 1 },
      { id: 'pretrained-adversarial', paletteIndex: 2, testErrors: { pgd: 0.75 } },
    ]);
    const { step, layers } = files[0]!.parameters;
    expect(step).toBe(4690);
    expect(layers.map(({ rows, columns }) => [rows, columns])).toEqual([
      [785, 3],
      [4, 10],
    ]);
    expect(layers[0]!.parameters[0]).toBe(0.3330078125);
  });

  it.each([
    ['a record that is missing', { 'index.json': undefined }, 'data-unreachable', '404'],
    ['a record that is not JSON', { 'index.json': '<!doctype html>' }, 'data-corrupt', 'not JSON'],
    ['a record of another kind', { 'index.json': '{}' }, 'data-corrupt', 'index.json'],
    [
      'an error rate beyond 1',
      { 'index.json': JSON.stringify(makeIndex()).replace('"clean":0.02', '"clean":2') },
      'data-corrupt',
      'networks.0.testErrors.clean',
    ],
    [
      'a file elsewhere',
      { 'index.json': JSON.stringify(makeIndex()).replace('plain.safe', '../plain.safe') },
      'data-corrupt',
      'networks.0.file',
    ],
    [
      'a file that is cut',
      { 'plain.safetensors': makeFile(configOf('plain')).slice(0, -4) },
      'data-corrupt',
      'should lie within',
    ],
    [
      'the file of another network',
      { 'plain.safetensors': makeFile(configOf('dropout')) },
      'data-corrupt',
      'plain.safetensors, is damaged: its settings are not those',
    ],
  ])('refuses %s', async (_, changes, code, message) => {
    serve(changes as Record<string, BodyInit>);
    const failure = await fetchPretrained(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LabError);
    expect((failure as LabError).code).toBe(code);
    expect((failure as LabError).message).toContain(message);
  });

  it('reports a truncated network file', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(fetchPretrained(folder)).rejects.toMatchObject({ code: 'data-unreachable' });
  });
});

const engine = {
  name: 'SIMD',
  device: '',
  isSoftware: false,
  isFloat32: true,
  reason: '',
} as const;
const progress: Progress = {
  step: 0,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainSeconds: 0,
  samplesPerSecond: 0,
  secondsLeft: null,
};

/** A client that returns attacks at once. */
function createClient() {
  let listener: (event: ClientEvent) => void = () => undefined;
  const ignore = (): void => undefined;
  const never = () => new Promise<never>(ignore);
  const load = vi.fn<TrainingClient['load']>(() => Promise.resolve());
  const attack = vi.fn((_id: string, shown: LabelledImages, chosen: AttackedImages['attack']) =>
    Promise.resolve<AttackedImages>({
      ...shown,
      attack: chosen,
      adversarialImages: shown.images,
      cleanProbabilities: new Float32Array(10),
      adversarialProbabilities: new Float32Array(10),
    }),
  );
  const client: TrainingClient = {
    start: ignore,
    resume: ignore,
    pause: ignore,
    reset: ignore,
    setAttack: ignore,
    terminate: ignore,
    classify: never,
    freeze: never,
    measure: never,
    measureTraining: never,
    bound: never,
    provenEpsilon: never,
    checkpoint: never,
    inspectStep: never,
    inspect: never,
    measureDirections: never,
    load,
    attack,
    useData: never,
    testImages: () => Promise.resolve({ images: new Float32Array(784), labels: new Uint8Array(1) }),
    subscribe: (heard) => {
      listener = heard;
      return () => (listener = ignore);
    },
  };
  return { client, load, attack, emit: (event: ClientEvent) => listener(event) };
}

const files: readonly PretrainedFile[] = pretrainedIds.map((id, paletteIndex) => ({
  network: {
    id: `pretrained-${id}`,
    name: `${id} (pretrained)`,
    paletteIndex,
    config: configOf(id),
    testErrors: { clean: 0, fgsm: 0, pgd: 0 },
    hasNetwork: false,
  },
  parameters: { step: 1, layers: [] },
}));
const ids = files.map(({ network }) => network.id);

function setUp(fetchAll: () => Promise<readonly PretrainedFile[]> = () => Promise.resolve(files)) {
  const clients: ReturnType<typeof createClient>[] = [];
  const connect = () => {
    clients.push(createClient());
    return clients.at(-1)!.client;
  };
  const lab = createLab(connect, null, fetchAll);
  const newest = () => clients.at(-1)!;
  const makeReady = async () => {
    newest().emit({ type: 'engineReady', engine });
    await flush();
  };
  const answered = () => Object.keys(lab.store.getState().examples.results);
  return { lab, state: () => lab.store.getState(), newest, makeReady, answered };
}

async function flush(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

describe('pretrained networks in the lab', () => {
  it('predict as soon as the engine is ready, and under the selected ε', async () => {
    const { lab, state, newest, makeReady, answered } = setUp();
    await flush();
    expect(newest().load).not.toHaveBeenCalled();
    await makeReady();
    expect(newest().load.mock.calls.map(([{ runId }]) => runId)).toEqual(ids);
    expect(state().pretrained.every(({ hasNetwork }) => hasNetwork)).toBe(true);
    expect(answered()).toEqual(ids);
    lab.setAttackEpsilon(0.3);
    await flush();
    expect(state().examples.results[ids[0]!]!.attack.epsilon).toBe(0.3);
  });

  it('stay until a run has a network, and come back after a reset', async () => {
    const { lab, state, newest, makeReady, answered } = setUp();
    await makeReady();
    lab.train();
    await flush();
    expect(answered()).toEqual(ids);
    expect(answeringNetworks(state()).map(({ id }) => id)).toEqual(ids);
    const [first] = state().runs;
    newest().emit({ type: 'started', runId: first!.id, progress });
    await flush();
    expect(answered()).toEqual([first!.id]);
    expect(answeringNetworks(state()).map(({ id }) => id)).toEqual([first!.id]);
    expect(shownNetworks(state())).toBe(state().runs);
    lab.reset();
    await flush();
    expect(answered()).toEqual(ids);
    expect(shownNetworks(state()).map(({ id }) => id)).toEqual(ids);
  });

  it('are loaded into an engine that replaces another', async () => {
    const { lab, state, newest, makeReady, answered } = setUp();
    await makeReady();
    lab.chooseEngine('simd');
    expect(answeringNetworks(state())).toEqual([]);
    await makeReady();
    expect(newest().load).toHaveBeenCalledTimes(3);
    expect(answeringNetworks(state()).map(({ id }) => id)).toEqual(ids);
    expect(answered()).toEqual(ids);
  });

  it('do not replace the last predictions of an experiment whose engine failed', async () => {
    const { lab, state, newest, makeReady, answered } = setUp();
    await makeReady();
    lab.train();
    const runIds = state().runs.map(({ id }) => id);
    for (const runId of runIds) newest().emit({ type: 'started', runId, progress });
    await flush();
    expect(answered()).toEqual(runIds);
    const error = { code: 'internal', message: 'It stopped.', remedy: 'Restart.' } as const;
    newest().emit({ type: 'engineFailed', error });
    lab.restartEngine();
    await makeReady();
    lab.setAttackEpsilon(0.2);
    await flush();
    expect(answered()).toEqual(runIds);
    expect(shownNetworks(state())).toBe(state().runs);
  });

  it('store a reason when they cannot be loaded, and are fetched again with the next engine', async () => {
    let isOnline = false;
    const { lab, state, makeReady } = setUp(() =>
      isOnline
        ? Promise.resolve(files)
        : Promise.reject(new LabError('data-unreachable', 'No answer.', 'Reload.')),
    );
    await makeReady();
    expect(state().pretrained).toEqual([]);
    expect(state().pretrainedError).toMatchObject({ message: 'No answer.' });
    expect(state().examples.error).toBeNull();
    isOnline = true;
    lab.chooseEngine('webgl');
    await makeReady();
    expect(state().pretrained).toHaveLength(3);
    expect(state().pretrainedError).toBeNull();
  });
});
