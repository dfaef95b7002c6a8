import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  readServiceWorkerCode,
  serviceWorkerFile,
  writeServiceWorker,
} from '../build/serviceWorkerPlugin.ts';

/** In the page and in its workers: reports what they log, throw, refuse or cannot load. */
const observer = `(() => {
  const report = (text) =>
    void fetch(location.origin + '/problem', { method: 'POST', body: text, keepalive: true }).catch(() => {});
  for (const level of ['error', 'warn']) {
    const log = console[level];
    console[level] = (...args) => {
      report(level + ': ' + args.map(String).join(' '));
      log.apply(console, args);
    };
  }
  addEventListener('error', ({ message, target }) => {
    if (message !== undefined) report('uncaught: ' + message);
    // Firefox says so of a module that is there already. What uses one that is not there fails by itself.
    else if (target.rel !== 'modulepreload') report('not loaded: ' + (target.src || target.href));
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => report('unhandled: ' + String(reason)));
  addEventListener('securitypolicyviolation', (violation) =>
    report('CSP: ' + violation.violatedDirective + ' refuses ' + violation.blockedURI));
})();
`;

/** The script of the page; those of workers have it in them. */
export const observerFile = 'observer.js';

function change(file: string, edit: (text: string) => string): void {
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
}

/**
 * Copies a built site, with the observer in front of the scripts of its page and its workers. Its service worker is
 * written anew, because it knows all files by their hashes.
 *
 * @param script more code for the page
 */
export function copyObserved(from: string, to: string, script = ''): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  writeFileSync(path.join(to, observerFile), observer + script);
  change(path.join(to, 'index.html'), (html) =>
    html.replace('<meta charset', `<script src="./${observerFile}"></script>$&`),
  );
  const assets = path.join(to, 'assets');
  for (const name of readdirSync(assets).filter((file) => /worker[^/]*\.js$/i.test(file))) {
    change(path.join(assets, name), (code) => observer + code);
  }
  if (existsSync(path.join(to, serviceWorkerFile))) {
    writeServiceWorker(to, observer + readServiceWorkerCode(from));
  }
}
