import { describe, expect, it, vi } from 'vitest';
import { startWorker } from './startWorker.ts';

class FakeWorker extends EventTarget {
  readonly heard: unknown[] = [];
  isTerminated = false;

  postMessage(message: unknown): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  fail(message?: string): void {
    const event = new Event('error', { cancelable: true });
    this.dispatchEvent(message === undefined ? event : Object.assign(event, { message }));
  }
}

function setUp() {
  const made: FakeWorker[] = [];
  const onError = vi.fn();
  const onMessage = vi.fn();
  const create = () => {
    const worker = new FakeWorker();
    made.push(worker);
    return worker as unknown as Worker;
  };
  return { made, onError, onMessage, worker: startWorker(create, { onError, onMessage }) };
}

describe('startWorker', () => {
  it('makes a worker whose script was not loaded again, with the messages that it missed', () => {
    const { made, onError, worker } = setUp();
    worker.post('a');
    made[0]!.fail();
    worker.post('b');
    made[1]!.fail();
    expect(made.map(({ isTerminated }) => isTerminated)).toEqual([true, true, false]);
    expect(made[2]!.heard).toEqual(['a', 'b']);
    expect(onError).not.toHaveBeenCalled();
  });

  it('makes it three times at most', () => {
    const { made, onError } = setUp();
    for (let i = 0; i < 3; i++) made[i]!.fail();
    expect(made).toHaveLength(3);
    expect(onError).toHaveBeenCalledExactlyOnceWith('');
  });

  it('reports an error that says what happened', () => {
    const { made, onError } = setUp();
    made[0]!.fail('boom');
    expect(made).toHaveLength(1);
    expect(onError).toHaveBeenCalledExactlyOnceWith('boom');
  });

  it('reports any error of a worker that has answered', () => {
    const { made, onError, onMessage } = setUp();
    made[0]!.dispatchEvent(new MessageEvent('message', { data: 'ready' }));
    expect(onMessage).toHaveBeenCalledOnce();
    made[0]!.fail();
    expect(made).toHaveLength(1);
    expect(onError).toHaveBeenCalledOnce();
  });

  it('ignores a worker that it has replaced, and ends the newest', () => {
    const { made, onError, worker } = setUp();
    made[0]!.fail();
    made[0]!.fail('late');
    expect(onError).not.toHaveBeenCalled();
    worker.terminate();
    expect(made[1]!.isTerminated).toBe(true);
  });
});
