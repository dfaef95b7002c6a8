/** A process that makes one run: its parent sends an order, it sends reports. */
import { trainCell } from './trainCell.ts'; // first, as the engine says there
import { setImmediate } from 'node:timers/promises';
import type { Order, Report } from './messages.ts';

/** Between two reports of progress within an epoch. */
const reportEveryMs = 1000;

function send(report: Report): Promise<void> {
  return new Promise((resolve) => process.send!(report, () => resolve()));
}

async function work(order: Order): Promise<void> {
  let lastReport = -Infinity;
  const report = (epochs: number) => {
    lastReport = performance.now();
    void send({ kind: 'progress', epochs });
  };
  const onProgress = (epochs: number) => {
    if (performance.now() - lastReport >= reportEveryMs) report(epochs);
  };
  try {
    const watch = { onProgress, onEpoch: report, breathe: () => setImmediate() };
    const result = await trainCell(order, watch);
    await send({ kind: 'done', result });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await send({ kind: 'failed', message });
  }
  process.disconnect();
}

// A signal may go to every process of a group, as Ctrl-C does; the parent decides what happens then.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
// The parent is gone: the state after the last epoch is kept.
process.on('disconnect', () => process.exit());
process.once('message', (order) => void work(order as Order));
