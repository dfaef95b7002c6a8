import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { hostHeaders } from '../build/headers.ts';
import { observerFile } from './observer.ts';

const contentTypes: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Site {
  /** With a trailing slash. Each site has a port, so an origin and storage of its own. */
  readonly url: string;
  /** What the page and its workers have reported since the last call. */
  takeProblems(): string[];
  close(): Promise<void>;
}

/** A host whose 304 matters only where no service worker answers instead of it. */
const withoutServiceWorker =
  "Object.defineProperty(navigator, 'serviceWorker', { value: undefined });";

/**
 * Serves a folder with the headers that README asks hosts for.
 *
 * @param has304Headers whether a 304 has the headers, too; on most hosts it has not
 * @param headers instead of those
 */
export async function serveSite(
  folder: string,
  has304Headers = true,
  headers: Readonly<Record<string, string>> = hostHeaders,
): Promise<Site> {
  let problems: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/problem') {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      problems.push(text);
      response.writeHead(204).end();
      return;
    }
    const name = pathname === '/' ? 'index.html' : decodeURIComponent(pathname.slice(1));
    const bytes = await read(folder, name, has304Headers ? '' : withoutServiceWorker);
    if (bytes === null) {
      response.writeHead(404, headers).end();
      return;
    }
    const tag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    const common = { ETag: tag, 'Cache-Control': 'no-cache' };
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304, has304Headers ? { ...headers, ...common } : common).end();
      return;
    }
    const type = contentTypes[path.extname(name)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, ...common, 'Content-Type': type }).end(bytes);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    takeProblems: () => {
      const taken = problems;
      problems = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @param hidden what goes in front of the observer of the page */
async function read(folder: string, name: string, hidden: string): Promise<Buffer | string | null> {
  const file = path.join(folder, name);
  if (!file.startsWith(folder + path.sep)) return null;
  const bytes = await readFile(file).catch(() => null);
  return bytes !== null && name === observerFile ? hidden + bytes.toString() : bytes;
}
