import type { ErrorReport } from '../../domain/errors.ts';
import type { WorkerApi, WorkerEvent } from '../api.ts';
import type { Message, Reply } from '../rpc/messages.ts';

type Call = Extract<Message, { type: 'call' }>;

/** A worker simulated by the test: it records calls, and the test answers and sends events. */
export class FakeWorker extends EventTarget {
  readonly heard: Message[] = [];
  isTerminated = false;

  postMessage(message: Message): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  get calls(): Call[] {
    return this.heard.filter((message) => message.type === 'call');
  }

  /** The arguments of all calls of a method. */
  callsOf<M extends keyof WorkerApi>(method: M): Parameters<WorkerApi[M]>[] {
    const calls = this.calls.filter((call) => call.method === method);
    return calls.map(({ args }) => args as Parameters<WorkerApi[M]>);
  }

  /** The id of the latest question. */
  idOf(method: keyof WorkerApi): number {
    return this.calls.findLast((call) => call.method === method)!.id!;
  }

  report(event: WorkerEvent): void {
    this.#reply({ type: 'event', event });
  }

  /** Answers the latest question. */
  answer(method: keyof WorkerApi, value: unknown): void {
    this.#reply({ type: 'return', id: this.idOf(method), value });
  }

  refuse(method: keyof WorkerApi, error: ErrorReport): void {
    this.#reply({ type: 'throw', id: this.idOf(method), error });
  }

  pong(): void {
    this.#reply({ type: 'pong' });
  }

  throw(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }

  #reply(data: Reply<WorkerEvent>): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
