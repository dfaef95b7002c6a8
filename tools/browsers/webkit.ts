import { createServer } from 'node:net';
import { endProcess, startProcess } from './processes.ts';
import { type Browser, commands, commandMs, timeouts, until } from './webDriver.ts';

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startWebKit(miniBrowser: string, display: string): Promise<Browser> {
  const port = await findFreePort();
  const driver = startProcess('WebKitWebDriver', [`--port=${port}`], {
    env: {
      ...process.env,
      DISPLAY: display,
      // As in Safari: WebKitGTK isolates pages without giving them SharedArrayBuffer.
      JSC_useSharedArrayBuffer: '1',
      // Its sandbox does not start for root, nor in most containers.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
    stdio: 'ignore',
  });

  async function call(method: string, address: string, body?: object): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}${address}`, {
      method,
      signal: AbortSignal.timeout(commandMs),
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (response.ok) return value;
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${address}: ${error}: ${message}`);
  }

  const end = (): Promise<void> => endProcess(driver);
  try {
    await until(
      'WebKit’s driver listens',
      () => call('GET', '/status').catch(() => null),
      (status) => status !== null,
    );
    const options = {
      binary: miniBrowser,
      args: [
        '--automation',
        // As in Safari, too.
        '--features=+AllowWebGLInWorkers',
      ],
    };
    const created = (await call('POST', '/session', {
      capabilities: { alwaysMatch: { timeouts, 'webkitgtk:browserOptions': options } },
    })) as { sessionId: string; capabilities: { browserVersion: string } };
    const session = `/session/${created.sessionId}`;
    return {
      name: `WebKitGTK ${created.capabilities.browserVersion}`,
      send: (command, parameters = {}) => {
        const [, method, address] = commands[command];
        const { id } = parameters;
        return call(
          method,
          session + address.replace('{id}', typeof id === 'string' ? id : ''),
          parameters,
        );
      },
      // Its console cannot be read.
      takeProblems: () => Promise.resolve([]),
      close: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
