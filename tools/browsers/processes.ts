import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';

/** Processes that have not ended. Each leads a group of its own, with whatever it started. */
const started = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of started) endGroup(child, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** Starts a program that is ended, with what it started, no later than this process. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(program, args, { ...options, detached: true });
  child.once('error', () => started.delete(child));
  child.once('exit', () => started.delete(child));
  started.add(child);
  return child;
}

/** Ends a process with what it started, and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (!started.has(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  endGroup(child, 'SIGTERM');
  const timer = setTimeout(() => endGroup(child, 'SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
  endGroup(child, 'SIGKILL');
}

/** A screen in memory, on which browsers draw. */
export interface Screen {
  /** Its name, for the environment variable DISPLAY. */
  readonly display: string;
  close(): Promise<void>;
}

export async function startScreen(): Promise<Screen> {
  const args = ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
  const screen = startProcess('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise<string>((resolve, reject) => {
    screen.once('error', reject);
    screen.once('exit', () => reject(new Error('Xvfb did not start.')));
    screen.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return { display: `:${number}`, close: () => endProcess(screen) };
}
