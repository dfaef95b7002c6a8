/** How often a worker is made again. */
const maxRestarts = 2;

export interface WorkerListeners {
  readonly onMessage?: (event: MessageEvent) => void;
  /** @param message empty if the worker's code could not be loaded */
  readonly onError: (message: string) => void;
  readonly onMessageError?: () => void;
}

export interface StartedWorker {
  post(message: unknown): void;
  terminate(): void;
}

/**
 * Starts a worker. If its first sign of life is an error without a message, its script was not loaded, and it is made
 * again, at most twice, with the messages that it missed: WebKit requires Cross-Origin-Embedder-Policy on a 304 answer,
 * too, where most servers leave it out, and loads the script when asked once more.
 */
export function startWorker(
  create: () => Worker,
  { onMessage, onError, onMessageError }: WorkerListeners,
): StartedWorker {
  /** Messages to a worker that has given no sign of life; null once it has. */
  let missed: unknown[] | null = [];
  let restarts = 0;
  let worker = start();

  function start(): Worker {
    const started = create();
    started.addEventListener('error', (event) => {
      event.preventDefault();
      if (started !== worker) return;
      if (missed === null || event.message || restarts === maxRestarts) {
        onError(event.message || '');
        return;
      }
      restarts++;
      started.terminate();
      worker = start();
      for (const message of missed) worker.postMessage(message);
    });
    started.addEventListener('messageerror', () => onMessageError?.());
    started.addEventListener('message', (event) => {
      missed = null;
      onMessage?.(event);
    });
    return started;
  }

  return {
    post: (message) => {
      missed?.push(message);
      worker.postMessage(message);
    },
    terminate: () => worker.terminate(),
  };
}
