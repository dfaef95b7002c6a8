import type { Connect, Plugin } from 'vite';
import { contentSecurityPolicy } from './cspPlugin.ts';

/** Cross-origin isolation: lets WebAssembly share memory between threads. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What a host should send with every answer. The page's own policy does not reach its workers; this one does. */
export const hostHeaders: Readonly<Record<string, string>> = {
  ...isolation,
  'Content-Security-Policy': contentSecurityPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The headers as Netlify and Cloudflare Pages read them. */
export const headersFile = [
  '# Read by Netlify and Cloudflare Pages.',
  '/*',
  ...Object.entries(hostHeaders).map(([name, value]) => `  ${name}: ${value}`),
  '',
].join('\n');

/** Sets headers before anything answers, because Vite leaves its own out of a 304, where WebKit requires them, too. */
function sendWithAll(headers: Readonly<Record<string, string>>): Connect.NextHandleFunction {
  return (_, response, next) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    next();
  };
}

/** Sends the headers from Vite's servers, and adds a file of them to the site. */
export function headersPlugin(): Plugin {
  return {
    name: 'headers',
    configureServer: ({ middlewares }) => {
      // Without the policy, because the development server needs inline scripts.
      middlewares.use(sendWithAll(isolation));
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use(sendWithAll(hostHeaders));
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile });
    },
  };
}
