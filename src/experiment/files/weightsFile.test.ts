import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsPerEpoch as stepsOfEngine } from '../../data/batches.ts';
import { assertCheckpointFits } from '../../engine/checkpoint.ts';
import { layerShapes } from '../../engine/network.ts';
import { type Checkpoint, stateCount } from '../../domain/checkpoint.ts';
import {
  defaultConfig,
  networkTypes,
  optimizers,
  type RunConfig,
} from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';
import { encodeNetwork, linearShapes, SettingsMissing } from '../../formats/networkFile.ts';
import { encodeSafetensors, openSafetensors } from '../../formats/safetensors.ts';
import { encodeWeights, readWeights, stepsPerEpoch } from './weightsFile.ts';

const config: RunConfig = { ...defaultConfig, hiddenLayers: [3], trainingSetSize: 1000 };
const about = { fileName: 'abp.safetensors', attackEpsilon: 0.1 };

function makeCheckpoint(of: RunConfig, step: number): Checkpoint {
  let seed = 0.5;
  const layers = linearShapes(of, 784, 10).map(({ fanIn, columns }) => {
    const parameters = Float32Array.from({ length: (fanIn + 1) * columns }, () => Math.sin(seed++));
    const states = Array.from({ length: stateCount[of.optimizer] }, () => parameters.slice());
    return { rows: fanIn + 1, columns, parameters, states };
  });
  return { step, layers, scores: new Float32Array(of.batchSize * 2), scored: 3, trainSeconds: 2.5 };
}

function fileOf(bytes: Uint8Array<ArrayBuffer>): Blob {
  return new Blob([bytes]);
}

describe('readWeights', () => {
  it.each(
    networkTypes.flatMap((type) => optimizers.map((optimizer) => [type, optimizer] as const)),
  )(
    'restores the saved network exactly as a finished run: %s, %s',
    async (networkType, optimizer) => {
      const own: RunConfig = { ...config, networkType, optimizer, hiddenLayers: [4, 3] };
      const saved = makeCheckpoint(own, 16 * own.epochs);
      const experiment = await readWeights(fileOf(encodeWeights(own, saved)), about);
      const [run] = experiment.runs;
      expect(experiment.runs).toHaveLength(1);
      expect(run).toMatchObject({
        name: 'abp.safetensors',
        config: own,
        measurements: [],
        isOpened: true,
      });
      expect(run!.progress).toMatchObject({ step: 80, totalSteps: 80, trainSeconds: 2.5 });
      const checkpoint = run!.checkpoint!;
      expect(checkpoint.layers.map((layer) => layer.parameters)).toEqual(
        saved.layers.map((layer) => layer.parameters),
      );
      expect(checkpoint.layers.flatMap(({ states }) => states).every(isZero)).toBe(true);
      assertCheckpointFits(checkpoint, own, layerShapes(own, 784, 10), 80);
    },
  );

  describe('without settings, as other programs save weights', () => {
    /** The same tensors without metadata, and with these names. */
    async function strip(of: RunConfig, name: (l: number) => string = (l) => `layers.${l}`) {
      const opened = await openSafetensors(fileOf(encodeWeights(of, makeCheckpoint(of, 80))));
      const tensors = await Promise.all(
        opened.entries.map(async (entry) => ({
          ...entry,
          name: entry.name.replace(/layers\.(\d+)/, (_, l) => name(Number(l))),
          values: await opened.readTensor(entry.name),
        })),
      );
      return fileOf(encodeSafetensors(tensors, {}));
    }
    const asked = { networkType: 'tanh', loss: 'bce', dataSet: null } as const;

    it('asks for what the shapes do not say, and opens the same network', async () => {
      const own: RunConfig = { ...config, networkType: 'tanh', loss: 'bce', hiddenLayers: [4, 3] };
      for (const file of [await strip(own), await strip(own, (l) => `net.${2 * l}`)]) {
        await expect(readWeights(file, about)).rejects.toThrow(SettingsMissing);
        await expect(readWeights(file, about)).rejects.toMatchObject({ sizes: [784, 4, 3, 10] });
        const [run] = (await readWeights(file, { ...about, asked })).runs;
        expect(run!.config).toMatchObject({ ...asked, hiddenLayers: [4, 3] });
        expect(run!.checkpoint!.layers.map(({ parameters }) => parameters)).toEqual(
          makeCheckpoint(own, 80).layers.map(({ parameters }) => parameters),
        );
      }
    });

    it('finds the pieces of maxout units, and refuses what does not fit', async () => {
      const maxout: RunConfig = { ...config, networkType: 'maxout', hiddenLayers: [4, 3] };
      const file = await strip(maxout);
      const open = (networkType: RunConfig['networkType']) =>
        readWeights(file, { ...about, asked: { ...asked, networkType } });
      expect((await open('maxout')).runs[0]!.config).toMatchObject({
        hiddenLayers: [4, 3],
        maxoutPieces: maxout.maxoutPieces,
      });
      await expect(open('relu')).rejects.toThrow('its shapes are those of maxout units');
      const shuffled = fileOf(
        encodeSafetensors([{ name: 'x', shape: [2], values: new Float32Array(2) }], {}),
      );
      await expect(readWeights(shuffled, about)).rejects.toThrow('its settings should be in');
    });
  });

  it('sets the number of epochs to where the network was saved', async () => {
    const read = async (step: number) =>
      (await readWeights(fileOf(encodeWeights(config, makeCheckpoint(config, step))), about))
        .runs[0]!;
    const early = await read(32);
    expect([early.name, early.config.epochs, early.checkpoint!.step]).toEqual([
      'abp.safetensors',
      2,
      32,
    ]);
    const between = await read(24);
    expect([between.name, between.config.epochs]).toEqual([
      'abp.safetensors · after epoch 1.50',
      2,
    ]);
    await expect(read(81)).rejects.toThrow('end after 80 steps, but it claims 81');
  });

  it('counts steps as the engine does', () => {
    for (const trainingSetSize of [100, 1000, 60_000]) {
      expect(stepsPerEpoch({ ...config, trainingSetSize })).toBe(
        stepsOfEngine(trainingSetSize, 64),
      );
    }
  });

  it('refuses networks for other data, and weights that are not numbers', async () => {
    const facts = { config, features: 35, classes: 10, stepsTrained: 0, trainSeconds: null };
    const layers = linearShapes(config, 35, 10).map(({ fanIn, columns }) => ({
      rows: fanIn + 1,
      columns,
      parameters: new Float32Array((fanIn + 1) * columns),
    }));
    const other = readWeights(fileOf(encodeNetwork(layers, facts)), about);
    await expect(other).rejects.toThrow('should take 784 pixels');

    const checkpoint = makeCheckpoint(config, 80);
    checkpoint.layers[0]!.parameters[5] = Number.NaN;
    const wild = readWeights(fileOf(encodeWeights(config, checkpoint)), about);
    await expect(wild).rejects.toThrow(/layers\.0\.weight should hold finite numbers, but .* NaN/);
  });

  it('reads nothing beyond a header with a false length', async () => {
    const bytes = encodeWeights(config, makeCheckpoint(config, 80));
    const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const reads: number[] = [];
    const file = {
      size: bytes.length - 4,
      slice: (from: number, to: number) => {
        reads.push(to);
        return new Blob([bytes.slice(from, to)]);
      },
    } as unknown as Blob;
    await expect(readWeights(file, about)).rejects.toThrow('should lie within');
    expect(Math.max(...reads)).toBe(8 + headerLength);
  });

  it('rejects only with LabError, wherever a file is changed', { timeout: 30_000 }, async () => {
    const whole = encodeWeights(config, makeCheckpoint(config, 80));
    const change = fc.record({
      at: fc.oneof(fc.nat(900), fc.nat(whole.length - 1)),
      byte: fc.nat(255),
      cut: fc.option(fc.nat(whole.length)),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, byte, cut }) => {
        const bytes = whole.slice(0, cut ?? whole.length);
        if (at < bytes.length) bytes[at] = byte;
        try {
          await readWeights(fileOf(bytes), about);
          expect(bytes.length).toBe(whole.length);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function isZero(values: Float32Array): boolean {
  return values.every((value) => value === 0);
}
