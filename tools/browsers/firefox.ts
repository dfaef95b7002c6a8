import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endProcess, startProcess } from './processes.ts';
import { type Browser, commands, commandMs, timeouts, until } from './webDriver.ts';

type Reply = [1, id: number, { error: string; message: string } | null, unknown];

/** Firefox's own protocol: JSON after its length, over TCP. */
class Marionette {
  readonly #socket: Socket;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    const fail = (): void => {
      const error = { error: 'closed', message: 'Firefox has ended.' };
      for (const [id, settle] of this.#pending) settle([1, id, error, null]);
    };
    this.#socket.on('close', fail);
    this.#socket.on('error', fail);
  }

  async send(name: string, parameters: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    const text = JSON.stringify([0, id, name, parameters]);
    const [, , error, result] = await new Promise<Reply>((resolve) => {
      const timeout = { error: 'timeout', message: `no answer within ${commandMs / 1000} s` };
      const timer = setTimeout(() => resolve([1, id, timeout, null]), commandMs);
      this.#pending.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
    this.#pending.delete(id);
    if (error) throw new Error(`${name}: ${error.error}: ${error.message}`);
    return result;
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 0 || this.#received.length < end) return;
      const message: unknown = JSON.parse(this.#received.subarray(colon + 1, end).toString());
      this.#received = this.#received.subarray(end);
      // The greeting is no array.
      if (Array.isArray(message)) this.#pending.get((message as Reply)[1])?.(message as Reply);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** In Firefox itself: the errors in its console of pages and workers. Warnings are about its own changes. */
const readConsole = `
  const problems = Services.console.getMessageArray()
    .filter((message) => message instanceof Ci.nsIScriptError && !(message.flags & message.warningFlag))
    .map((message) => ({ text: message.errorMessage, source: message.sourceName }))
    .concat(Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage).getEvents()
      .filter(({ level }) => level === 'error')
      .map((event) => ({ text: Array.from(event.arguments, String).join(' '), source: event.filename })))
    .filter(({ source }) => /^https?:/.test(source))
    .map(({ text, source }) => text + ' (' + source + ')');
  Services.console.reset();
  Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage).clearEvents();
  return problems;`;

/** Preferences: any free port, and nothing that the browser asks of other machines. */
const preferences = `
user_pref("marionette.port", 0);
user_pref("app.update.disabledForTesting", true);
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
`;

export async function startFirefox(executable: string, display: string): Promise<Browser> {
  const profile = await mkdtemp(path.join(tmpdir(), 'lab-firefox-'));
  await writeFile(path.join(profile, 'user.js'), preferences);
  const firefox = startProcess(
    executable,
    ['--no-remote', '--marionette', '--remote-allow-system-access', '--profile', profile],
    { stdio: 'ignore', env: { ...process.env, DISPLAY: display } },
  );
  const end = async (): Promise<void> => {
    await endProcess(firefox);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await until(
      'Firefox listens',
      async () => Number(await readFile(path.join(profile, 'MarionetteActivePort'), 'utf8')),
      (read) => read > 0,
    );
    const marionette = new Marionette(port);
    const session = (await marionette.send('WebDriver:NewSession', {
      capabilities: { alwaysMatch: { timeouts } },
    })) as { capabilities: { browserVersion: string } };
    return {
      name: `Firefox ${session.capabilities.browserVersion}`,
      send: async (command, parameters = {}) => {
        const isScript = command === 'execute' || command === 'executeAsync';
        // In a sandbox with a name, changes to the page's own objects would not reach the page.
        const sent = isScript ? { ...parameters, sandbox: null } : parameters;
        const result = (await marionette.send(commands[command][0], sent)) as { value?: unknown };
        return result.value;
      },
      takeProblems: async () => {
        await marionette.send('Marionette:SetContext', { value: 'chrome' });
        const problems = await marionette.send('WebDriver:ExecuteScript', {
          script: readConsole,
          args: [],
        });
        await marionette.send('Marionette:SetContext', { value: 'content' });
        return (problems as { value: string[] }).value;
      },
      close: async () => {
        marionette.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
