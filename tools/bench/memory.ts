import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright';

/** How often the process is looked at while nothing is collected. */
const sampleMs = 500;

/** Before a collection: requests to the storage and drawings end. */
const quietMs = 3000;

/** What four runs take, in megabytes (10⁶ bytes) of the machine's memory. */
export interface MemoryFigures {
  /** After a garbage collection: what the page keeps. */
  readonly kept: readonly { readonly when: string; readonly megabytes: number }[];
  /** At any time, with what is not collected yet. */
  readonly most: number;
}

/**
 * Watches the memory of the page's process, in which its workers run too: the proportional set size, in which a piece
 * that several processes map, such as the browser's program, counts in equal parts, and shared memory counts once.
 * Needs Linux, and a page that is cross-origin isolated and the only one of its browser.
 */
export class MemoryWatch {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #kept: { when: string; megabytes: number }[] = [];
  #most = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async start(browser: Browser, page: Page): Promise<MemoryWatch> {
    const watch = new MemoryWatch(page, await browser.newBrowserCDPSession());
    await watch.#sample();
    watch.#timer = setInterval(() => void watch.#sample().catch(() => undefined), sampleMs);
    return watch;
  }

  /** Collects the garbage of the page and its workers, and measures what is left. */
  async collect(when: string): Promise<void> {
    await this.#page.waitForTimeout(quietMs);
    await this.#page.evaluate(async () => {
      // Its figure counts shared memory once for each worker, so only its collection is used.
      const { performance } = globalThis as unknown as {
        performance: { measureUserAgentSpecificMemory: () => Promise<unknown> };
      };
      await performance.measureUserAgentSpecificMemory();
    });
    this.#kept.push({ when, megabytes: await this.#sample() });
  }

  async stop(): Promise<MemoryFigures> {
    clearInterval(this.#timer);
    await this.#session.detach();
    return { kept: this.#kept, most: this.#most };
  }

  async #sample(): Promise<number> {
    const { processInfo } = await this.#session.send('SystemInfo.getProcessInfo');
    const sizes = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))
      .map((text) => 1.024e-3 * Number(/^Pss:\s+(\d+) kB/m.exec(text)![1]));
    const megabytes = Math.max(...sizes); // the others are spare ones of the browser
    this.#most = Math.max(this.#most, megabytes);
    return megabytes;
  }
}

/** "after epoch 2 212 MB, at the end 214 MB (+0.9 %); at most 322 MB before a garbage collection". */
export function describeMemory({ kept, most }: MemoryFigures): string {
  const [first] = kept;
  const parts = kept.map(({ when, megabytes }, at) => {
    const size = `${when} ${megabytes.toFixed(0)} MB`;
    const change = 100 * (megabytes / first!.megabytes - 1);
    return at === 0 ? size : `${size} (${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(1)} %)`;
  });
  return `${parts.join(', ')}; at most ${most.toFixed(0)} MB before a garbage collection`;
}
