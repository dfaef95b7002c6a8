import { expect, it } from 'vitest';
import { encodeIdx } from '../data/testing/encodeIdx.ts';
import { DataParts } from './dataParts.ts';
import { Cancelled } from './rpc/messages.ts';
import type { WorkerEvent } from './api.ts';

/** Four IDX files with the same number of images. */
function filesOf(trainingCount: number): File[] {
  const part = (name: string, count: number) => [
    new File([encodeIdx([count, 28, 28], new Uint8Array(count * 784))], `${name}-images`),
    new File(
      [
        encodeIdx(
          [count],
          Uint8Array.from({ length: count }, (_, i) => (7 * i) % 10),
        ),
      ],
      `${name}-labels`,
    ),
  ];
  return [...part('train', trainingCount), ...part('test', 100)];
}

function setUp() {
  const events: WorkerEvent[] = [];
  const never = () => new Promise<never>(() => undefined);
  const parts = new DataParts((event) => events.push(event), never);
  parts.source = '/data/';
  return { parts, events };
}

it('cancels files that are still being read when others are chosen', async () => {
  const { parts } = setUp();
  const first = parts.use(filesOf(150)).catch((error: unknown) => error);
  const second = parts.use(filesOf(120));
  expect((await second)?.dataSet.trainingCount).toBe(120);
  expect(await first).toMatchObject({ code: 'canceled' });
  expect(parts.dataSet?.trainingCount).toBe(120);
  expect((await parts.load('training')).count).toBe(120);
});

it('keeps MNIST when it is chosen while files are read', async () => {
  const { parts, events } = setUp();
  const reading = parts.use(filesOf(150)).catch((error: unknown) => error);
  expect(await parts.use(null)).toBeNull();
  expect(await reading).toMatchObject({ code: 'canceled' });
  expect(parts.dataSet).toBeNull();
  expect(events.filter(({ type }) => type === 'dataReady')).toEqual([]);
});

it('stops reading when its signal is aborted, and keeps the previous data', async () => {
  const { parts, events } = setUp();
  await parts.use(filesOf(120));
  const abort = new AbortController();
  const reading = parts.use(filesOf(150), false, abort.signal);
  abort.abort(new Cancelled());
  await expect(reading).rejects.toBe(abort.signal.reason);
  expect(parts.dataSet?.trainingCount).toBe(120);
  expect((await parts.load('training')).count).toBe(120);
  // The page is notified again which data set the worker has.
  expect(events.at(-1)).toMatchObject({ type: 'dataReady', dataSet: { trainingCount: 120 } });
});

it('keeps the previous data when files are invalid', async () => {
  const { parts } = setUp();
  await parts.use(filesOf(120));
  await expect(parts.use(filesOf(150).slice(1))).rejects.toThrow(
    'expected two files of images and two of labels',
  );
  expect(parts.dataSet?.trainingCount).toBe(120);
  expect((await parts.load('training')).count).toBe(120);
});

it('restores the previous data when invalid files had replaced others in progress', async () => {
  const { parts } = setUp();
  await parts.use(filesOf(120));
  const given = parts.use(filesOf(150)).catch((error: unknown) => error);
  await expect(parts.use(filesOf(130).slice(1))).rejects.toThrow(
    'expected two files of images and two of labels',
  );
  expect(await given).toMatchObject({ code: 'canceled' });
  expect(parts.dataSet?.trainingCount).toBe(120);
  expect((await parts.load('training')).count).toBe(120);
});

it('transposes images on request', async () => {
  const { parts } = setUp();
  const [images, ...others] = filesOf(120);
  const bytes = new Uint8Array(await images!.arrayBuffer());
  bytes[16 + 3 * 28 + 5] = 200; // row 3, column 5 of the first image
  await parts.use([new File([bytes], images!.name), ...others], true);
  const { pixels } = await parts.load('training');
  expect([pixels[3 * 28 + 5], pixels[5 * 28 + 3]]).toEqual([0, 200]);
});
