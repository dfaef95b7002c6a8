/**
 * The part of W3C WebDriver (https://www.w3.org/TR/webdriver2/) that the stories need. WebKit's driver takes its commands
 * by HTTP; Firefox takes the same ones by Marionette, its own protocol, so no geckodriver is needed.
 */

/** Of each command: its name in Marionette, and its method and path by HTTP. */
export const commands = {
  navigate: ['WebDriver:Navigate', 'POST', '/url'],
  refresh: ['WebDriver:Refresh', 'POST', '/refresh'],
  setWindowRect: ['WebDriver:SetWindowRect', 'POST', '/window/rect'],
  setTimeouts: ['WebDriver:SetTimeouts', 'POST', '/timeouts'],
  execute: ['WebDriver:ExecuteScript', 'POST', '/execute/sync'],
  executeAsync: ['WebDriver:ExecuteAsyncScript', 'POST', '/execute/async'],
  click: ['WebDriver:ElementClick', 'POST', '/element/{id}/click'],
  sendKeys: ['WebDriver:ElementSendKeys', 'POST', '/element/{id}/value'],
  performActions: ['WebDriver:PerformActions', 'POST', '/actions'],
  screenshot: ['WebDriver:TakeScreenshot', 'GET', '/screenshot'],
} as const;
export type Command = keyof typeof commands;

/**
 * How long the browser waits for a script and for a page, we for the browser, and a story for what it expects. Long,
 * since a pass does not wait for them: on a machine with other work everything takes ten times as long.
 */
export const timeouts = { script: 60_000, pageLoad: 100_000, implicit: 0 };
export const commandMs = 120_000;
export const patienceMs = 150_000;

/** A browser in a session of its own. */
export interface Browser {
  /** With its version. */
  readonly name: string;
  send(command: Command, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Errors in its own console since the last call, as far as it can be read; server.ts has what pages report. */
  takeProblems(): Promise<string[]>;
  close(): Promise<void>;
}

/** The key under which W3C WebDriver refers to an element. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
export type ElementId = Readonly<Record<typeof elementKey, string>>;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Defines what esbuild calls in functions that are sent to the page. */
const prelude = 'const __name = (named) => named;';

/** A page in a browser, by short names. */
export class Tab {
  readonly browser: Browser;

  constructor(browser: Browser) {
    this.browser = browser;
  }

  async open(url: string): Promise<void> {
    await this.browser.send('navigate', { url });
  }

  async reload(): Promise<void> {
    await this.browser.send('refresh');
  }

  /** Runs a function in the page, and returns its result once it is there. */
  async run<A extends readonly unknown[], T>(
    inPage: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T> {
    const script = `${prelude}
      const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${inPage.toString()})(...[...arguments].slice(0, -1))).then(
        (value) => done({ value }), (error) => done({ error: String(error && error.message || error) }));`;
    const answer = (await this.browser.send('executeAsync', { script, args })) as {
      value: T;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(`In the page: ${answer.error}`);
    return answer.value;
  }

  /** Runs a script's text in the page. */
  async runText(script: string): Promise<void> {
    await this.browser.send('execute', { script, args: [] });
  }

  async click(element: ElementId): Promise<void> {
    await this.browser.send('click', { id: element[elementKey] });
  }

  /** Types text, or the paths of files joined by line feeds. */
  async type(element: ElementId, text: string): Promise<void> {
    await this.browser.send('sendKeys', { id: element[elementKey], text });
  }

  /** Presses at the first point, moves over the others and lets go at the last. */
  async drag(pointerType: 'mouse' | 'touch', [first, ...rest]: readonly Point[]): Promise<void> {
    const move = ({ x, y }: Point) => ({
      type: 'pointerMove',
      duration: 0,
      origin: 'viewport',
      x: Math.round(x),
      y: Math.round(y),
    });
    const actions = [
      move(first!),
      { type: 'pointerDown', button: 0 },
      ...rest.map(move),
      { type: 'pointerUp', button: 0 },
    ];
    const source = { type: 'pointer', id: pointerType, parameters: { pointerType }, actions };
    await this.browser.send('performActions', { actions: [source] });
  }

  /** Presses keys one after another, on what has the focus. */
  async press(...keys: readonly string[]): Promise<void> {
    const actions = keys.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.browser.send('performActions', { actions: [{ type: 'key', id: 'keys', actions }] });
  }
}

/** Waits until a condition holds. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  timeoutMs = patienceMs,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (isRight(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s; last ${JSON.stringify(last)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
