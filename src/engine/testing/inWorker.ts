/** A worker that runs one task at a time, as the *.worker.ts files in this folder do. */
export interface TaskWorker<Tasks extends Record<string, (...args: never[]) => unknown>> {
  run<K extends keyof Tasks>(
    task: K,
    ...args: Parameters<Tasks[K]>
  ): Promise<Awaited<ReturnType<Tasks[K]>>>;
  terminate(): void;
}

/** Runs tasks in a worker, where the engine also runs in the page. */
export function connectTasks<Tasks extends Record<string, (...args: never[]) => unknown>>(
  worker: Worker,
): TaskWorker<Tasks> {
  return {
    run: (task, ...args) =>
      new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }: MessageEvent<{ value: never; error?: string }>) => {
          if (data.error === undefined) resolve(data.value);
          else reject(new Error(data.error));
        };
        worker.postMessage({ task, args });
      }),
    terminate: () => worker.terminate(),
  };
}
