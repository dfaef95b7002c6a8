/** What a task worker uses of its global scope; the tests that import its types only have the DOM's types. */
interface TaskScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Replies to each message { task, args } with { value } or { error }. */
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
