import { LabError } from '../../domain/errors.ts';
import { startWorker } from '../../domain/startWorker.ts';
import {
  type Commands,
  type Message,
  type Questions,
  type Reply,
  untilAborted,
  withCalls,
} from './messages.ts';
import { type Patience, Watchdog } from './watchdog.ts';

/** The page's side of a worker exposed with `expose`. */
export interface Connection<Api> {
  /** Each rejects with the worker's error, when its signal is aborted, or when the worker dies. */
  readonly questions: Questions<Api>;
  readonly commands: Commands<Api>;
  /** Ends the worker; open questions are rejected. */
  terminate(): void;
}

export interface ConnectOptions<Event> {
  readonly onEvent: (event: Event) => void;
  /** Called once when the worker died: it threw, did not start, or gives no sign of life. It has already been ended. */
  readonly onDeath: (error: LabError) => void;
  /** Whether this event reports that the worker has started, or will not start. */
  readonly isStart: (event: Event) => boolean;
  /** Whether the worker has something to do besides pending questions. */
  readonly isBusy: () => boolean;
  readonly patience?: Partial<Patience> | undefined;
}

interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: LabError) => void;
}

export function connect<Api, Event>(
  createWorker: () => Worker,
  { onEvent, onDeath, isStart, isBusy, patience }: ConnectOptions<Event>,
): Connection<Api> {
  const worker = startWorker(createWorker, {
    onMessage: ({ data }: MessageEvent<Reply<Event>>) => receive(data),
    onError: (message) => die(message || 'its code could not be loaded.'),
    onMessageError: () => die('one of its messages could not be read.'),
  });
  const pending = new Map<number, Settle>();
  let lastId = 0;
  let death: LabError | null = null;
  const watchdog = new Watchdog(
    {
      isOwed: () => pending.size > 0 || isBusy(),
      ping: () => post({ type: 'ping' }),
      onDeath: die,
    },
    patience,
  );

  function post(message: Message): void {
    if (death === null) worker.post(message);
  }

  function end(error: LabError): void {
    if (death !== null) return;
    death = error;
    watchdog.stop();
    worker.terminate();
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  function die(what: string): void {
    if (death !== null) return;
    const error = new LabError(
      'worker-died',
      `The training worker stopped: ${what}`,
      'What was learned so far stays on this page. Restart the engine to resume from the last checkpoint.',
    );
    end(error);
    onDeath(error);
  }

  function ask(method: string, args: readonly unknown[]): Promise<unknown> {
    if (death !== null) return Promise.reject(death);
    const id = ++lastId;
    const signalAt = args.findIndex((arg) => arg instanceof AbortSignal);
    return untilAborted<unknown>(
      args[signalAt] as AbortSignal | undefined,
      (resolve, reject) => {
        pending.set(id, { resolve, reject });
        const sent = args.map((arg, at) => (at === signalAt ? null : arg));
        post({ type: 'call', id, method, args: sent, signalAt });
      },
      () => post({ type: 'cancel', id }),
    ).finally(() => pending.delete(id));
  }

  function receive(data: Reply<Event>): void {
    if (death !== null) return;
    watchdog.signOfLife();
    if (data.type === 'event') {
      if (isStart(data.event)) watchdog.started();
      onEvent(data.event);
    } else if (data.type === 'return') {
      pending.get(data.id)?.resolve(data.value);
    } else if (data.type === 'throw') {
      const { code, message, remedy } = data.error;
      pending.get(data.id)?.reject(new LabError(code, message, remedy));
    }
  }

  return {
    questions: withCalls<Questions<Api>, object>({}, ask),
    commands: withCalls<Commands<Api>, object>({}, (method, args) =>
      post({ type: 'call', id: null, method, args, signalAt: -1 }),
    ),
    terminate: () =>
      end(new LabError('worker-died', 'The worker was ended by the page.', 'Reload the page.')),
  };
}
