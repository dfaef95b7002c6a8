import { reportError } from '../../domain/errors.ts';
import { Cancelled, invoke, type Message, type Reply } from './messages.ts';

/** A worker's own global scope, or one end of a channel. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Message>) => void): void;
}

/** Reports an event to the page, and transfers the given buffers instead of copying them. */
export type Emit<Event> = (event: Event, transfer?: Transferable[]) => void;

const transfers = new WeakMap<object, Transferable[]>();

/** Marks an answer whose buffers are transferred to the page instead of copied. */
export function transfer<T extends object>(answer: T, buffers: Transferable[]): T {
  transfers.set(answer, buffers);
  return answer;
}

/** @returns a function that reports events to the page */
export function emitTo<Event>(port: Port): Emit<Event> {
  return (event, buffers = []) => {
    const reply: Reply<Event> = { type: 'event', event };
    port.postMessage(reply, buffers);
  };
}

/**
 * The worker's side of `connect`: calls the methods that the page calls, and answers with their result or error.
 * A command that throws is an error of the whole worker.
 *
 * @param onThrow called when a question has thrown, after the page was notified
 */
export function expose(
  port: Port,
  api: object,
  onThrow: (thrown: unknown) => void = () => undefined,
): void {
  /** Questions without an answer so far. */
  const open = new Map<number, AbortController>();

  function post(reply: Reply<never>, buffers: Transferable[] = []): void {
    port.postMessage(reply, buffers);
  }

  async function answer(id: number, method: string, args: unknown[], at: number): Promise<void> {
    const controller = new AbortController();
    open.set(id, controller);
    if (at >= 0) args[at] = controller.signal;
    try {
      const value = await invoke(api, method, args);
      post({ type: 'return', id, value }, transfers.get(Object(value) as object));
    } catch (thrown) {
      post({ type: 'throw', id, error: reportError(thrown) });
      onThrow(thrown);
    } finally {
      open.delete(id);
    }
  }

  port.addEventListener('message', ({ data }) => {
    switch (data.type) {
      case 'ping':
        post({ type: 'pong' });
        break;
      case 'cancel':
        open.get(data.id)?.abort(new Cancelled());
        break;
      case 'call':
        if (data.id === null) invoke(api, data.method, data.args);
        else void answer(data.id, data.method, [...data.args], data.signalAt);
    }
  });
}
