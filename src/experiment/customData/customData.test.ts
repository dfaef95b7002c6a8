import { describe, expect, it, vi } from 'vitest';
import { initialAttackEpsilon } from '../initialAttackEpsilon.ts';
import type { CustomData, LoadedData } from '../../domain/dataSet.ts';
import { LabError } from '../../domain/errors.ts';
import type { ClientEvent, TrainingClient } from '../../worker/client.ts';
import { findDisabledReason } from '../training/commands.ts';
import { createLab } from '../lab.ts';
import { readLink, linkedPart, writeLink } from '../link/link.ts';
import { openReading } from '../link/openLink.ts';
import { openExperimentOf } from '../setup/openConfigs.ts';
import { chooseDropped, chooseFiles, choosePreviousFiles, setTransposed } from './customData.ts';
import { chooseMnist } from './experimentData.ts';
import { withData } from '../setup/setupData.ts';
import { findPreset, presetsFor } from '../setup/presets.ts';
import { findConfigs, findSharedErrors } from '../setup/setup.ts';
import { openSaved } from '../storage/resume.ts';
import type { ExperimentArchive } from '../storage/openArchive.ts';
import { createFakeArchive } from '../storage/testing/fakeArchive.ts';
import { makeSavedExperiment } from '../storage/testing/savedExperiments.ts';

const fashion: CustomData = {
  shape: 'grey-28',
  trainingCount: 30_000,
  testCount: 10_000,
  fingerprint: 'a'.repeat(64),
};
const cifar: CustomData = {
  shape: 'color-32',
  trainingCount: 50_000,
  testCount: 10_000,
  fingerprint: 'b'.repeat(64),
};
const files = [new File(['x'], 'train-images-idx3-ubyte')];

const read = (dataSet: CustomData, isTransposed = false): LoadedData => ({
  dataSet,
  isTransposed: isTransposed && dataSet.shape === 'grey-28',
  notes: [],
});

/** A lab whose worker finds this data set in any files it is given. */
function setUp(found: CustomData | LabError = fashion, archive: ExperimentArchive | null = null) {
  let emit: (event: ClientEvent) => void = () => undefined;
  const never = () => new Promise<never>(() => undefined);
  const ignore = (): void => undefined;
  const start = vi.fn<TrainingClient['start']>();
  const useData = vi.fn<TrainingClient['useData']>((chosen, isTransposed) =>
    chosen === null
      ? Promise.resolve(null)
      : found instanceof LabError
        ? Promise.reject(found)
        : Promise.resolve(
            read(found, isTransposed ?? chosen.some(({ name }) => name.startsWith('emnist-'))),
          ),
  );
  const testImages = vi.fn<TrainingClient['testImages']>(() =>
    Promise.resolve({ images: new Float32Array(784), labels: new Uint8Array(1) }),
  );
  const client: TrainingClient = {
    start,
    resume: ignore,
    pause: ignore,
    reset: ignore,
    setAttack: ignore,
    useData,
    terminate: ignore,
    attack: never,
    classify: never,
    measure: never,
    measureTraining: never,
    bound: never,
    provenEpsilon: never,
    freeze: never,
    inspect: never,
    inspectStep: never,
    measureDirections: never,
    checkpoint: never,
    testImages,
    load: never,
    subscribe: (listener) => {
      emit = listener;
      return ignore;
    },
  };
  const lab = createLab(() => client, archive);
  const reason = 'It is there.';
  const engine = { name: 'SIMD', device: 'x', isSoftware: false, isFloat32: true, reason };
  emit({ type: 'engineReady', engine });
  const state = () => lab.store.getState();
  const disabledReason = () => findDisabledReason(state(), 'train');
  return { lab, state, start, useData, testImages, disabledReason, emit };
}

describe('the user’s own files', () => {
  it('become the data of setup and link, and limit the training set', async () => {
    const { lab, state, testImages, disabledReason } = setUp();
    await chooseFiles(lab, files);
    expect(state().customData).toMatchObject({ loaded: fashion, files, isReading: false });
    expect(findConfigs(state().setup)!.map((one) => one.dataSet)).toEqual([
      fashion,
      fashion,
      fashion,
    ]);
    expect(state().setup.shared.trainingSetSize).toBe('30000');
    expect(testImages).toHaveBeenCalledTimes(2); // MNIST's, and those of the new files
    expect(disabledReason()).toBeNull();
    const link = writeLink(linkedPart(state()));
    expect(link).toContain(`data=grey-28.30000.${'a'.repeat(64)}`);
    lab.choosePreset('tanh');
    expect(findConfigs(state().setup)![0]).toMatchObject({
      trainingSetSize: 30_000,
      dataSet: fashion,
    });

    chooseMnist(lab);
    expect(state().customData).toMatchObject({ loaded: null, files: null });
    expect(findConfigs(state().setup)![0]).toMatchObject({
      dataSet: null,
      trainingSetSize: 60_000,
    });
    expect(disabledReason()).toBeNull();
  });

  it('in color have an experiment of their own, which its settings identify', async () => {
    const small: CustomData = { ...cifar, trainingCount: 5000, testCount: 1000 };
    const { lab, state } = setUp(small);
    expect(presetsFor(null).map(({ id }) => id)).not.toContain('cifar10');
    await chooseFiles(lab, files);
    expect(presetsFor(state().setup.shared.dataSet)[0]!.id).toBe('cifar10');
    lab.choosePreset('cifar10');
    expect(findPreset(state().setup)).toBe('cifar10');
    expect(state().attackEpsilon).toBe(0.02);
    // It is removed with its experiment, but not if the user chose it.
    lab.choosePreset('quick');
    expect(state().attackEpsilon).toBe(initialAttackEpsilon);
    lab.setAttackEpsilon(0.3);
    lab.choosePreset('noise');
    expect(state().attackEpsilon).toBe(0.3);
    lab.choosePreset('cifar10');
    expect(state().attackEpsilon).toBe(0.02);
    const configs = findConfigs(state().setup)!;
    expect(configs.map(({ method }) => method)).toEqual([
      'plain',
      'dropout',
      'adversarial',
      'adversarial',
    ]);
    expect(configs.every(({ trainingSetSize }) => trainingSetSize === 5000)).toBe(true);
    const link = writeLink(linkedPart(state()));
    expect(link).toContain(`data=color-32.5000-1000.${'b'.repeat(64)}`);
    expect(readLink(link).state.setup.shared.dataSet).toEqual(small);
    lab.changeSettings({ trainingSetSize: '5001' });
    expect(findSharedErrors(state().setup).trainingSetSize).toBe(
      'Training set size must be a whole number from 100 to 5000.',
    );
    lab.changeSettings({ trainingSetSize: '5000', holdOutValidation: true });
    expect(findSharedErrors(state().setup).trainingSetSize).toBe(
      'With 1000 validation images held out, at most 4000 training images remain.',
    );
  });

  it('cause an error message at the field if they are invalid, and change nothing', async () => {
    const { lab, state, disabledReason } = setUp(
      new LabError('data-corrupt', 'No images.', 'Others.'),
    );
    await chooseFiles(lab, files);
    expect(state().customData).toMatchObject({ loaded: null, isReading: false });
    expect(state().customData.error?.message).toBe('No images.');
    expect(disabledReason()).toBeNull();
  });

  it('are abandoned when MNIST is chosen while they load, even if they finish later', async () => {
    const { lab, state, useData, disabledReason } = setUp();
    let finish: (found: LoadedData) => void = () => undefined;
    useData.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    const reading = chooseFiles(lab, files);
    expect(disabledReason()).toBe('Your files are being read.');
    await chooseFiles(lab, files); // one after the other
    expect(useData).toHaveBeenCalledTimes(1);
    chooseMnist(lab);
    expect(disabledReason()).toBeNull();
    expect(useData).toHaveBeenLastCalledWith(null);
    const finishFirst = finish;
    useData.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    const next = chooseFiles(lab, files);
    finishFirst(read(cifar));
    await reading;
    expect(state().customData).toMatchObject({ loaded: null, isReading: true });
    finish(read(fashion));
    await next;
    expect(state().customData).toMatchObject({ loaded: fashion, isReading: false });
  });

  it('do not change while an experiment exists', async () => {
    const { lab, state, useData } = setUp();
    lab.train();
    await chooseFiles(lab, files);
    chooseMnist(lab);
    expect(useData).not.toHaveBeenCalled();
    expect(findDisabledReason(state(), 'chooseData')).toBe('Start over to change its data.');
  });

  it('are transposed when their names are EMNIST’s or the user says so', async () => {
    const { lab, state, useData } = setUp();
    const emnist = [new File(['x'], 'emnist-digits-train-images-idx3-ubyte.gz')];
    await chooseFiles(lab, emnist);
    expect(state().customData).toMatchObject({ files: emnist, isTransposed: true });
    await setTransposed(lab, false);
    expect(state().customData).toMatchObject({ files: emnist, isTransposed: false });
    await setTransposed(lab, true);
    await chooseFiles(lab, files); // a choice for earlier files does not apply to these
    expect(state().customData).toMatchObject({ files, isTransposed: false });
    await setTransposed(lab, true);
    expect(state().customData).toMatchObject({ files, isTransposed: true });
    expect(useData.mock.calls).toEqual([
      [emnist, null] as const,
      [emnist, false] as const,
      [emnist, true] as const,
      [files, null] as const,
      [files, true] as const,
    ]);

    chooseMnist(lab);
    expect(state().customData.isTransposed).toBe(false);
    await setTransposed(lab, true); // chosen before there are files
    expect(useData).toHaveBeenCalledTimes(6);
    await chooseFiles(lab, files);
    expect(state().customData).toMatchObject({ files, isTransposed: true });
    expect(useData).toHaveBeenLastCalledWith(files, true);
  });

  it('are never transposed when they are in color', async () => {
    const { lab, state } = setUp(cifar);
    await setTransposed(lab, true);
    await chooseFiles(lab, files);
    expect(state().customData).toMatchObject({ loaded: cifar, isTransposed: false });
  });

  it('are recognized from a link in the orientation they had when it was made', async () => {
    const { lab, state, useData, disabledReason, emit } = setUp(fashion);
    const link = writeLink({
      ...linkedPart(state()),
      setup: withData(state().setup, fashion),
    });
    openReading(lab, readLink(link), true);
    const other: CustomData = { ...fashion, fingerprint: 'c'.repeat(64) };
    useData.mockImplementationOnce(() => Promise.resolve(read(other, true)));
    const emnist = [new File(['x'], 'emnist-digits-train-images-idx3-ubyte.gz')];
    await chooseFiles(lab, emnist);
    expect(useData.mock.calls).toEqual([
      [emnist, null],
      [emnist, false],
    ]);
    expect(state().customData).toMatchObject({ loaded: fashion, isTransposed: false, error: null });
    expect(disabledReason()).toBeNull();

    // Neither orientation matches: the previous files come back as they were read.
    await setTransposed(lab, true);
    openReading(lab, readLink(link.replaceAll('a'.repeat(64), 'd'.repeat(64))), true);
    await chooseFiles(lab, files);
    expect(useData.mock.calls.slice(-3)).toEqual([
      [files, null] as const,
      [files, true] as const,
      [emnist, true] as const,
    ]);
    expect(state().customData.error?.message).toContain('These are different data');
    expect(state().customData).toMatchObject({ files: emnist, isTransposed: true });

    emit({
      type: 'engineFailed',
      error: { code: 'worker-died', message: 'It died.', remedy: 'Again.' },
    });
    lab.chooseEngine('simd');
    expect(useData).toHaveBeenLastCalledWith(emnist, true);
  });

  it('are named, when another experiment is opened during their own, as MNIST must be chosen first', async () => {
    const { lab, state, disabledReason } = setUp(fashion);
    const configs = findConfigs(state().setup)!;
    expect(openExperimentOf(lab, configs)).toBe('Train starts it.');
    lab.train();
    expect(openExperimentOf(lab, configs)).toMatch(/clears it; then you can train this one\.$/);
    lab.reset();

    await chooseFiles(lab, files);
    lab.train();
    expect(openExperimentOf(lab, configs)).toContain(
      'choose MNIST under Data instead of your files',
    );
    lab.reset();
    expect(disabledReason()).toBe('The setup is for MNIST. Choose MNIST under Data to train.');
    chooseMnist(lab);
    expect(disabledReason()).toBeNull();
  });

  it('stay available when an experiment, link or saved experiment on MNIST replaces them', async () => {
    const { lab, state, useData, disabledReason } = setUp(fashion);
    const link = writeLink(linkedPart(state()));
    const configs = findConfigs(state().setup)!;
    const emnist = [new File(['x'], 'emnist-digits-train-images-idx3-ubyte.gz')];
    const ways: readonly [string, () => string][] = [
      ['an experiment', () => openExperimentOf(lab, configs)],
      ['a link', () => (openReading(lab, readLink(link), false), lastNotice())],
      ['a kept experiment', () => (openSaved(lab, makeSavedExperiment('a', 5)), lastNotice())],
    ];
    const lastNotice = (): string => state().notices.at(-1)!.sentences.join(' ');
    for (const [way, open] of ways) {
      await chooseFiles(lab, emnist);
      expect(state().customData).toMatchObject({ loaded: fashion, previousFiles: null });
      const said = open();
      expect(said, way).toMatch(
        /on MNIST\. Your files remain available: (start over, then )?choose Your files under Data/,
      );
      expect(state().customData, way).toMatchObject({
        loaded: null,
        files: null,
        previousFiles: { files: emnist, isTransposed: true },
      });
      lab.reset();
      await choosePreviousFiles(lab);
      expect(useData).toHaveBeenLastCalledWith(emnist, true);
      expect(state().customData).toMatchObject({
        loaded: fashion,
        files: emnist,
        isTransposed: true,
        previousFiles: null,
      });
      expect(disabledReason()).toBeNull();
    }
  });

  it('stay available while they still load, and when other files are invalid', async () => {
    const { lab, state, useData } = setUp(fashion);
    let finish: (found: LoadedData) => void = () => undefined;
    useData.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    const reading = chooseFiles(lab, files);
    openExperimentOf(lab, findConfigs(state().setup)!);
    finish(read(fashion));
    await reading;
    expect(state().customData).toMatchObject({ loaded: null, previousFiles: { files } });
    const others = [new File(['x'], 'others')];
    useData.mockImplementationOnce(() =>
      Promise.reject(new LabError('data-corrupt', 'No images.', 'Others.')),
    );
    await chooseFiles(lab, others);
    expect(state().customData).toMatchObject({ loaded: null, previousFiles: { files } });
    await chooseFiles(lab, others);
    expect(state().customData).toMatchObject({ files: others, previousFiles: null });
  });

  it('stay available when an engine crashes on them or cannot read them again', async () => {
    const { lab, state, useData, emit } = setUp(fashion);
    const death: ClientEvent = {
      type: 'engineFailed',
      error: { code: 'worker-died', message: 'It died.', remedy: 'Again.' },
    };
    const isDead = new LabError('worker-died', 'It died.', 'Again.');
    let die: () => void = () => undefined;
    useData.mockImplementationOnce(
      () => new Promise((_, reject) => (die = (): void => reject(isDead))),
    );
    const reading = chooseFiles(lab, files);
    emit(death);
    die();
    await reading;
    expect(state().customData).toMatchObject({
      loaded: null,
      isReading: false,
      reading: null,
      error: null,
      previousFiles: { files },
    });
    lab.chooseEngine('simd');
    await choosePreviousFiles(lab);
    expect(state().customData).toMatchObject({ loaded: fashion, files, previousFiles: null });

    const gone = new LabError('data-corrupt', 'They are gone.', 'Choose them again.');
    useData.mockImplementationOnce(() => Promise.reject(gone));
    lab.chooseEngine('webgl');
    await vi.waitFor(() => expect(state().customData.isReading).toBe(false));
    expect(state().customData).toMatchObject({
      loaded: null,
      files: null,
      previousFiles: { files },
    });
    expect(state().customData.error?.message).toBe('They are gone.');
  });

  it('are abandoned when a saved experiment on MNIST is opened while they load', async () => {
    const { lab, state, useData } = setUp(fashion);
    let finish: (found: LoadedData) => void = () => undefined;
    useData.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    const reading = chooseFiles(lab, files);
    openSaved(lab, makeSavedExperiment('a', 5));
    expect(useData).toHaveBeenLastCalledWith(null);
    expect(state().experimentId).toBe('a');
    finish(read(fashion));
    await reading;
    expect(state().customData).toMatchObject({ loaded: null, previousFiles: { files } });
    expect(state().setup.shared.dataSet).toBeNull();
  });

  it('are read with the user’s choice of transposition when they are restored', async () => {
    const { lab, useData } = setUp(fashion);
    await chooseFiles(lab, files);
    chooseMnist(lab);
    await setTransposed(lab, true);
    await choosePreviousFiles(lab);
    expect(useData).toHaveBeenLastCalledWith(files, true);
  });

  it('are found in a folder before any other data are chosen', async () => {
    const { lab, state, useData } = setUp(fashion);
    let list: (entries: FileSystemEntry[]) => void = () => undefined;
    const folder = {
      name: 'fashion',
      isFile: false,
      isDirectory: true,
      createReader: () => ({ readEntries: (resolve: typeof list) => (list = resolve) }),
    } as unknown as FileSystemDirectoryEntry;
    const looking = chooseDropped(lab, { files: [], folders: [folder] });
    expect(findDisabledReason(state(), 'chooseData')).toBe('Your files are being read.');
    await chooseDropped(lab, { files, folders: [] });
    expect(useData).not.toHaveBeenCalled();
    list([]);
    await looking;
    expect(state().customData.error?.message).toMatch(/^fashion: expected files/);
    await chooseDropped(lab, { files, folders: [] });
    expect(state().customData).toMatchObject({ loaded: fashion, files, error: null });
  });

  it('are requested when a link names them, and no others are accepted', async () => {
    const { lab, state, useData, disabledReason } = setUp(fashion);
    const link = writeLink({
      ...linkedPart(state()),
      setup: withData(state().setup, cifar),
    });
    openReading(lab, readLink(link), true);
    expect(state().setup.shared.dataSet).toEqual(cifar);
    expect(disabledReason()).toContain('Choose them under Data');
    expect(state().notices.at(-1)!.sentences.join(' ')).toContain('50,000 training');
    await chooseFiles(lab, files);
    expect(state().customData.loaded).toBeNull();
    expect(state().customData.error?.message).toMatch(
      /expected 50,000 .*bbbb.*found 30,000 .*aaaa/,
    );
    expect(useData.mock.calls.map(([chosen]) => chosen)).toEqual([files, null]);

    const right = setUp(cifar);
    openReading(right.lab, readLink(link), true);
    await chooseFiles(right.lab, files);
    expect(right.state().customData.loaded).toEqual(cifar);
    expect(right.disabledReason()).toBeNull();
  });

  it('are requested before a saved experiment resumes; MNIST needs no request', async () => {
    const experiment = makeSavedExperiment('a', 5);
    const ofOwn = {
      ...experiment,
      runs: experiment.runs.map((run) => ({ ...run, config: { ...run.config, dataSet: fashion } })),
    };
    const { archive } = createFakeArchive([ofOwn]);
    const { lab, state, start } = setUp(fashion, archive);
    openSaved(lab, ofOwn);
    expect(start).not.toHaveBeenCalled();
    expect(state().customData.awaitedExperimentId).toBe('a');
    expect(state().notices.at(-1)!.sentences.join(' ')).toContain('Choose them again under Data');
    await chooseFiles(lab, files);
    expect(start).toHaveBeenCalledTimes(1); // without a further click, as the files are there
    expect(state()).toMatchObject({
      experimentId: 'a',
      customData: { loaded: fashion, isReading: false },
    });
    lab.reset();
    openSaved(lab, { ...ofOwn, enginePreference: 'simd' }); // reads them again for its engine
    expect(start).toHaveBeenCalledTimes(2);
    lab.reset();
    openSaved(lab, experiment);
    expect(start).toHaveBeenCalledTimes(3);
    expect(state().customData.loaded).toBeNull();
  });

  it('are sent to the engine that replaces another', async () => {
    const { lab, useData, emit } = setUp(fashion);
    await chooseFiles(lab, files);
    lab.train();
    emit({
      type: 'engineFailed',
      error: { code: 'worker-died', message: 'It died.', remedy: 'Again.' },
    });
    expect(useData.mock.calls.map(([chosen]) => chosen)).toEqual([files, files]);
  });
});
