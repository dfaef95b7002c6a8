import { Float64Backend } from '../../engine/backends/float64/backend.ts';
import { syntheticImages } from '../../engine/testing/syntheticImages.ts';
import { TrainingHost } from '../host.ts';
import type { Event, Request } from '../protocol.ts';

/** A worker's host on the float64 engine, with 100 synthetic images to train on and 40 to test on. */
export function makeHost() {
  const backend = new Float64Backend();
  const images = { training: syntheticImages(100), test: syntheticImages(40) };
  const events: Event[] = [];
  const listeners = new Set<(event: Event) => void>();
  const host = new TrainingHost(
    (event) => {
      events.push(event);
      listeners.forEach((listener) => listener(event));
    },
    () => Promise.resolve({ backend, reason: 'It is the only one.' }),
    (part) => Promise.resolve(images[part]),
  );

  /** Sends a request and waits for the next event of this type. */
  function send<T extends Event['type']>(
    request: Request,
    type: T,
  ): Promise<Extract<Event, { type: T }>> {
    return new Promise((resolve) => {
      const listener = (event: Event) => {
        if (event.type !== type) return;
        listeners.delete(listener);
        resolve(event as Extract<Event, { type: T }>);
      };
      listeners.add(listener);
      host.handle(request);
    });
  }

  host.handle({ type: 'initialize', dataUrl: 'http://localhost/data/', engine: 'auto' });
  return { host, backend, events, send };
}
