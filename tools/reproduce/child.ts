/** A process that makes one run: its parent sends a request, and it sends reports. */
import { trainJob } from './trainJob.ts'; // first, for the reason given there
import { setImmediate } from 'node:timers/promises';
import type { RunRequest, RunReport } from './messages.ts';

/** Interval between two progress reports within an epoch. */
const reportEveryMs = 1000;

function send(report: RunReport): Promise<void> {
  return new Promise((resolve) => process.send!(report, () => resolve()));
}

async function work(request: RunRequest): Promise<void> {
  let lastReport = -Infinity;
  const report = (epochs: number) => {
    lastReport = performance.now();
    void send({ kind: 'progress', epochs });
  };
  const onProgress = (epochs: number) => {
    if (performance.now() - lastReport >= reportEveryMs) report(epochs);
  };
  try {
    const hooks = { onProgress, onEpoch: report, yieldToEventLoop: () => setImmediate() };
    const result = await trainJob(request, hooks);
    await send({ kind: 'done', result });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await send({ kind: 'failed', message });
  }
  process.disconnect();
}

// A signal such as Ctrl-C may reach every process of a group; the parent decides what happens.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
// If the parent has exited, the state after the last epoch is on disk.
process.on('disconnect', () => process.exit());
process.once('message', (order) => void work(order as RunRequest));
