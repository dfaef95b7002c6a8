import { describe, expect, it } from 'vitest';
import { RaceClaim } from './raceClaim.ts';

/** Locks as a browser has them, for the claims of several tabs. */
class FakeLocks {
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #held = new Set<string>();

  request(
    name: string,
    { signal }: { readonly signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      signal.addEventListener('abort', () => {
        isOver = true;
        reject(new DOMException('', 'AbortError'));
      });
      const enter = (): void => {
        if (isOver) {
          this.#next(name);
          return;
        }
        this.#held.add(name);
        void hold().then(() => {
          this.#held.delete(name);
          this.#next(name);
          resolve();
        });
      };
      if (!this.#held.has(name)) enter();
      else this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), enter]);
    });
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.#held].map((name) => ({ name })) });
  }

  #next(name: string): void {
    this.#waiting.get(name)?.shift()?.();
  }
}

function makeTab(locks: FakeLocks, patienceMs: number): RaceClaim {
  return new RaceClaim('races', locks as unknown as LockManager, patienceMs);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the claim of a race', () => {
  it('is refused while another tab holds it, and granted once that tab lets go', async () => {
    const locks = new FakeLocks();
    const [one, other] = [makeTab(locks, 50), makeTab(locks, 50)];
    expect(await one.take('a')).toBe(true);
    expect(await other.take('a')).toBe(false);
    expect(await other.isElsewhere('a')).toBe(true);
    one.release();
    expect(await other.take('a')).toBe(true);
  });

  it('that is granted late does not undo the claim of a race that was begun meanwhile', async () => {
    const locks = new FakeLocks();
    const [old, page, third] = [makeTab(locks, 50), makeTab(locks, 1000), makeTab(locks, 50)];
    await old.take('a');
    const late = page.take('a');
    const begun = page.take('b');
    await wait(20);
    old.release();
    expect(await Promise.all([late, begun])).toEqual([true, true]);
    expect(await third.take('b')).toBe(false);
    expect(await third.take('a')).toBe(true);
  });
});
