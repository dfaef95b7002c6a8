import type { ImageSet } from '../../data/imageSet.ts';
import type { DataPart } from '../../data/mnistFiles.ts';
import type { Backend } from '../../engine/backends/backend.ts';
import { Float64Backend } from '../../engine/backends/float64/backend.ts';
import { syntheticImages } from '../../engine/testing/syntheticImages.ts';
import { LabError } from '../../domain/errors.ts';
import type { WorkerEvent } from '../api.ts';
import { TrainingHost, workerApi } from '../host.ts';

interface Made {
  /** By default 100 synthetic images to train on and 40 to test on. */
  readonly images?: Readonly<Record<DataPart, ImageSet>>;
  /** Replaces the float64 backend; a rejecting promise simulates an engine that does not start. */
  readonly backend?: Backend | Promise<Backend>;
  readonly mayLoad?: (part: DataPart) => boolean;
}

const few = { training: syntheticImages(100), test: syntheticImages(40) };

/** The worker's methods, called directly, and its events. */
export function makeWorker({ images = few, backend, mayLoad = () => true }: Made = {}) {
  const reference = new Float64Backend();
  const events: WorkerEvent[] = [];
  const listeners = new Set<(event: WorkerEvent) => void>();
  const host = new TrainingHost(
    (event) => {
      const copy = structuredClone(event);
      events.push(copy);
      listeners.forEach((listener) => listener(copy));
    },
    async () => ({ backend: await (backend ?? reference), reason: 'It is the only one.' }),
    (part) =>
      mayLoad(part)
        ? Promise.resolve(images[part])
        : Promise.reject(new LabError('data-unreachable', 'No data.', 'Try again.')),
  );

  /** The next event of this type; a failed run rejects callers that wait for another one. */
  function next<T extends WorkerEvent['type']>(type: T) {
    return new Promise<Extract<WorkerEvent, { type: T }>>((resolve, reject) => {
      const listener = (event: WorkerEvent): void => {
        if (event.type !== type && event.type !== 'failed') return;
        listeners.delete(listener);
        if (event.type === type) resolve(event as Extract<WorkerEvent, { type: T }>);
        else reject(new Error(event.type === 'failed' ? event.error.message : event.type));
      };
      listeners.add(listener);
    });
  }

  const api = workerApi(host);
  api.initialize('http://localhost/data/', 'auto');
  return { api, host, backend: reference, events, next };
}
