import { describe, expect, it } from 'vitest';
import { WriteQueue } from './writeQueue.ts';

/** A queue whose tasks the test ends by hand, in the order in which they were begun. */
function setUp() {
  const begun: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const task = (name: string) => () =>
    new Promise<void>((resolve, reject) => {
      begun.push(name);
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  const end = async (error?: Error) => {
    ends.shift()!(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { queue: new WriteQueue(), begun, task, end };
}

describe('WriteQueue', () => {
  it('does one task after another, also after one that failed', async () => {
    const { queue, begun, task, end } = setUp();
    const first = queue.add(task('first'));
    void queue.add(task('second'));
    expect(begun).toEqual(['first']);
    await Promise.all([expect(first).rejects.toThrow('no'), end(new Error('no'))]);
    expect(begun).toEqual(['first', 'second']);
  });

  it('replaces what waits by what is newer, in its place, and answers both', async () => {
    const { queue, begun, task, end } = setUp();
    const under = queue.replace('a', task('a1'));
    const older = queue.replace('a', task('a2'));
    const other = queue.replace('b', task('b1'));
    const newer = queue.replace('a', task('a3'));
    for (let i = 0; i < 3; i++) await end();
    await Promise.all([under, older, other, newer]);
    expect(begun).toEqual(['a1', 'a3', 'b1']);
  });

  it('never moves a write before a task that was asked for earlier', async () => {
    const { queue, begun, task, end } = setUp();
    void queue.replace('a', task('a1'));
    void queue.replace('a', task('a2'));
    void queue.add(task('delete'));
    void queue.replace('a', task('a3'));
    for (let i = 0; i < 4; i++) await end();
    expect(begun).toEqual(['a1', 'a2', 'delete', 'a3']);
  });
});
