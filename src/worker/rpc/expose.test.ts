import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { connect, type Connection } from './connect.ts';
import { emitTo, expose, transfer } from './expose.ts';

interface Api {
  add(a: number, b: number): Promise<number>;
  refuse(): Promise<never>;
  crash(): Promise<never>;
  buffer(): Promise<Float32Array>;
  waitFor(name: string, signal?: AbortSignal): Promise<string>;
  uncloneable(): Promise<unknown>;
  count(by: number): void;
}
type Event = number;

let connection: Connection<Api> | null = null;
let ports: MessagePort[] = [];
afterEach(() => {
  connection?.terminate();
  for (const port of ports) port.close();
});

/** Both sides, connected by a channel that copies messages as for a worker. */
function setUp() {
  const { port1, port2 } = new MessageChannel();
  ports = [port1, port2];
  const emit = emitTo<Event>(port2);
  let counted = 0;
  const made = new Float32Array([1, 2]);
  const reasons: unknown[] = [];
  const thrown = vi.fn();
  const api: Api = {
    add: (a, b) => Promise.resolve(a + b),
    refuse: () => Promise.reject(new LabError('network-gone', 'No network.', 'Train one.')),
    crash: () => {
      throw new Error('boom');
    },
    buffer: () => Promise.resolve(transfer(made, [made.buffer])),
    waitFor: (_, signal) =>
      new Promise((_, reject) =>
        signal!.addEventListener('abort', () => {
          reasons.push(signal!.reason);
          reject(new Error('aborted'));
        }),
      ),
    uncloneable: () => Promise.resolve(() => undefined),
    count: (by) => {
      counted += by;
      emit(counted);
    },
  };
  expose(port2, api, thrown);
  port2.start();
  port1.start();
  const events: Event[] = [];
  const worker = Object.assign(port1, { terminate: () => port1.close() });
  connection = connect<Api, Event>(() => worker as unknown as Worker, {
    onEvent: (event) => events.push(event),
    onDeath: () => undefined,
    isStart: () => true,
    isBusy: () => false,
  });
  return { connection, events, made, reasons, thrown };
}

describe('connect and expose', () => {
  it('answer questions with the method’s return value', async () => {
    const { connection } = setUp();
    const { questions } = connection;
    expect(await Promise.all([questions.add(1, 2), questions.add(3, 4)])).toEqual([3, 7]);
  });

  it('reject questions with the method’s error, also if it throws synchronously', async () => {
    const { connection, thrown } = setUp();
    const refused = connection.questions.refuse();
    await expect(refused).rejects.toBeInstanceOf(LabError);
    await expect(refused).rejects.toMatchObject({ code: 'network-gone', remedy: 'Train one.' });
    expect(thrown).toHaveBeenCalledExactlyOnceWith(expect.any(LabError));
    await expect(connection.questions.crash()).rejects.toMatchObject({
      code: 'internal',
      message: 'boom',
    });
    await expect(connection.questions.uncloneable()).rejects.toMatchObject({ code: 'internal' });
  });

  it('deliver commands and events in order', async () => {
    const { connection, events } = setUp();
    connection.commands.count(1);
    connection.commands.count(2);
    await connection.questions.add(0, 0);
    expect(events).toEqual([1, 3]);
  });

  it('transfer the buffers that an answer names', async () => {
    const { connection, made } = setUp();
    expect(await connection.questions.buffer()).toEqual(new Float32Array([1, 2]));
    expect(made.buffer.byteLength).toBe(0);
  });

  it('abort the signal of the method when the caller aborts its own', async () => {
    const { connection, reasons } = setUp();
    const abort = new AbortController();
    const waiting = connection.questions.waitFor('a', abort.signal);
    const other = connection.questions.waitFor('b', new AbortController().signal);
    other.catch(() => undefined);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'canceled' });
    await connection.questions.add(0, 0);
    expect(reasons).toMatchObject([{ code: 'canceled' }]); // not the other question's
  });

  it('reject all questions to a worker that was ended', async () => {
    const { connection } = setUp();
    const waiting = connection.questions.waitFor('a', new AbortController().signal);
    connection.terminate();
    await expect(waiting).rejects.toMatchObject({ code: 'worker-died' });
    await expect(connection.questions.add(1, 1)).rejects.toMatchObject({ code: 'worker-died' });
  });
});
