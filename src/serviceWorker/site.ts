/** The built site, as the build writes it into the service worker (tools/build/serviceWorkerPlugin.ts). */
export interface Site {
  /** Differs if anything in the site or in the service worker does. */
  readonly version: string;
  /** SHA-256 in Base64 of each file that is stored, by its path from the site's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Likewise of the data files, which have a cache of their own. */
  readonly data: Readonly<Record<string, string>>;
  /** What a host should send with every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The file that a request asks for, by its path from the site's folder; null if it is not one of the site's, so that the
 * browser handles the request. Only known files are served, because a subfolder may contain another site.
 *
 * @param scope URL of the site's folder, with a trailing slash
 */
export function findPath(
  { method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>,
  scope: string,
  { files }: Pick<Site, 'files'>,
): string | null {
  const { origin, pathname, search } = new URL(url);
  const address = origin + pathname;
  if (method !== 'GET' || !address.startsWith(scope)) return null;
  // Trackers add parameters to links. On any other request, parameters ask for a file that is not ours.
  if (search !== '' && mode !== 'navigate') return null;
  const path = address.slice(scope.length) || 'index.html';
  return Object.hasOwn(files, path) || isVersioned(path) ? path : null;
}

/** Whether a file's name has a hash of its contents, so that it is the same in all versions that have it. */
export function isVersioned(path: string): boolean {
  return path.startsWith('assets/');
}

/** A host's headers, and those of ours that it does not send. */
export function withHeaders(sent: Headers, ours: Site['headers']): Headers {
  const headers = new Headers(sent);
  // The body is decompressed by now.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  for (const [name, value] of Object.entries(ours)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  return headers;
}
