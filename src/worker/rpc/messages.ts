import { type ErrorReport, LabError } from '../../domain/errors.ts';

/** From the page. Both sides are built from one interface, so the receiver does not validate messages again. */
export type Message =
  | {
      readonly type: 'call';
      /** Returned with the answer; null for a command, which has none. */
      readonly id: number | null;
      readonly method: string;
      /** A signal cannot be sent, so null replaces it. */
      readonly args: readonly unknown[];
      /** Index of the argument that is a signal, or −1 if there is none. */
      readonly signalAt: number;
    }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'ping' };

/** From the worker. */
export type Reply<Event> =
  | { readonly type: 'return'; readonly id: number; readonly value: unknown }
  | { readonly type: 'throw'; readonly id: number; readonly error: ErrorReport }
  | { readonly type: 'event'; readonly event: Event }
  | { readonly type: 'pong' };

/** The methods that return a promise. */
export type Questions<Api> = {
  [K in keyof Api as Api[K] extends (...args: never[]) => Promise<unknown> ? K : never]: Api[K];
};
/** The methods that return nothing. */
export type Commands<Api> = Omit<Api, keyof Questions<Api>>;

/** A question whose signal was aborted. */
export class Cancelled extends LabError {
  constructor() {
    super('canceled', 'Nobody waits for this answer any more.', 'Ask again.');
  }
}

/**
 * Settles like `run`, or rejects with Cancelled as soon as the signal is aborted.
 *
 * @param onAbort called if the signal is aborted before `run` has settled
 */
export function untilAborted<T>(
  signal: AbortSignal | undefined,
  run: (resolve: (value: T | Promise<T>) => void, reject: (error: Error) => void) => void,
  onAbort: () => void = () => undefined,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(new Cancelled());
  let abort = (): void => undefined;
  const settled = new Promise<T>((resolve, reject) => {
    abort = () => {
      reject(new Cancelled());
      onAbort();
    };
    signal?.addEventListener('abort', abort);
    run(resolve, reject);
  });
  return settled.finally(() => signal?.removeEventListener('abort', abort));
}

/** Calls a method by its name, which is known to be in the target's interface. */
export function invoke(target: object, method: string, args: readonly unknown[]): unknown {
  return (target as Record<string, (...args: readonly unknown[]) => unknown>)[method]!(...args);
}

/** An object with its own methods; all others, those of `Calls`, forward their names and arguments to `call`. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names its interface
export function withCalls<Calls, Own extends object>(
  own: Own,
  call: (method: string, args: readonly unknown[]) => unknown,
): Calls & Own {
  return new Proxy(own, {
    get: (_, name) => {
      const value: unknown = Reflect.get(own, name);
      if (typeof value === 'function') return value.bind(own) as unknown;
      // With a `then` method it would be taken for a promise.
      if (value !== undefined || typeof name === 'symbol' || name === 'then') return value;
      return (...args: unknown[]) => call(name, args);
    },
  }) as Calls & Own;
}
