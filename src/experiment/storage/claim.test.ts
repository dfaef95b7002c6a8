import { describe, expect, it, vi } from 'vitest';
import { createClaim } from './claim.ts';

/** Web Locks that several tabs share. */
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

function makeTab(locks: FakeLocks, waitMs: number) {
  return createClaim('experiments', locks as unknown as LockManager, waitMs);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('createClaim', () => {
  it('refuses an experiment that another tab holds, and grants it once that tab releases it', async () => {
    const locks = new FakeLocks();
    const [one, other] = [makeTab(locks, 50), makeTab(locks, 50)];
    expect(await one.take('a')).toBe(true);
    expect(await other.take('a')).toBe(false);
    expect(await other.isElsewhere('a')).toBe(true);
    expect(await other.isAnyHeld()).toBe(true);
    one.release();
    await expect.poll(() => other.isAnyHeld()).toBe(false);
    expect(await other.take('a')).toBe(true);
  });

  it('does not let a claim that is granted late undo a newer one', async () => {
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

  it('does not let a claim that is granted late undo a release', async () => {
    const locks = new FakeLocks();
    const [page, other] = [makeTab(locks, 50), makeTab(locks, 50)];
    const late = page.take('a');
    page.release('a');
    await late;
    expect(await other.take('a')).toBe(true);
  });

  it('grants every claim if the browser has no locks', async () => {
    vi.stubGlobal('navigator', {});
    const claim = createClaim('experiments');
    vi.unstubAllGlobals();
    expect(await claim.take('a')).toBe(true);
    expect(await claim.isElsewhere('a')).toBe(false);
    claim.release();
    expect(await claim.take('b')).toBe(true);
  });
});
