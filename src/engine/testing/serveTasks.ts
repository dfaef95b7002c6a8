/** What a task worker needs of its scope; the tests that import its types know the DOM alone. */
interface TaskScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Answers each message { task, args } with { value } or { error }. */
export function serveTasks(tasks: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  const scope = globalThis as unknown as TaskScope;
  scope.addEventListener('message', ({ data }: MessageEvent<{ task: string; args: never[] }>) => {
    void Promise.resolve()
      .then(() => tasks[data.task]!(...data.args))
      .then(
        (value) => scope.postMessage({ value }),
        (error: unknown) => scope.postMessage({ error: String(error) }),
      );
  });
}
