import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createGzip } from 'node:zlib';

const contentTypes: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const compressible = /^text\/|svg/;

export interface StaticServer {
  /** URL of the folder, with a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder like the simplest host: no compression, no special headers, and 404 for missing files.
 *
 * @param basePath sub-path of the site, with slashes at both ends
 * @param isCompressed whether text is gzipped in transit, as most hosts do
 */
export async function serveFolder(
  folder: string,
  basePath = '/',
  { isCompressed = false } = {},
): Promise<StaticServer> {
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const relative = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : '..';
      const file = path.join(folder, relative === '' ? 'index.html' : decodeURIComponent(relative));
      const isInside = file.startsWith(path.resolve(folder) + path.sep);
      const found = isInside ? await stat(file).catch(() => null) : null;
      if (!found?.isFile()) {
        response.writeHead(404).end();
        return;
      }
      const contentType = contentTypes[path.extname(file)] ?? 'application/octet-stream';
      if (isCompressed && compressible.test(contentType)) {
        response.writeHead(200, { 'Content-Type': contentType, 'Content-Encoding': 'gzip' });
        createReadStream(file).pipe(createGzip()).pipe(response);
        return;
      }
      response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': found.size });
      createReadStream(file).pipe(response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${basePath}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        // An error says that it is closed already.
        server.close(() => resolve());
      }),
  };
}
