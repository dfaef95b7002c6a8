import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installDistributionPackages, isInstalled } from '../browser.ts';

/** Names by which Firefox is installed. Its FIREFOX_PATH is used instead, if it is set. */
const firefoxNames = ['firefox-esr', 'firefox'];
const libraryFolders = [
  '/usr/lib',
  '/usr/libexec',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
];

/** Programs that the tests start. */
export interface Programs {
  readonly firefox: string;
  /** WebKitGTK's small browser, which its driver starts. */
  readonly miniBrowser: string;
}

function findFirefox(): string | undefined {
  return process.env.FIREFOX_PATH ?? firefoxNames.find(isInstalled);
}

function findMiniBrowser(): string | undefined {
  return libraryFolders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.startsWith('webkit'))
        .map((name) => path.join(folder, name, 'MiniBrowser')),
    )
    .find((file) => existsSync(file));
}

/** What is missing, as Debian's packages. */
function listMissing(): string[] {
  return [
    ...(findFirefox() === undefined ? ['firefox-esr'] : []),
    ...(findMiniBrowser() === undefined || !isInstalled('WebKitWebDriver')
      ? ['webkit2gtk-driver']
      : []),
    ...(isInstalled('Xvfb') ? [] : ['xvfb']),
  ];
}

/**
 * Finds the browsers, and installs those that are missing where this user may.
 *
 * @throws Error that says what to install
 */
export function findPrograms(): Programs {
  const wanted = listMissing();
  if (wanted.length > 0) installDistributionPackages({ 'apt-get': wanted });
  const missing = listMissing();
  const [firefox, miniBrowser] = [findFirefox(), findMiniBrowser()];
  if (missing.length > 0 || firefox === undefined || miniBrowser === undefined) {
    throw new Error(
      `Not installed: ${missing.join(', ')}. On Debian or Ubuntu run \`apt-get install ${missing.join(' ')}\`; elsewhere install Firefox, WebKitGTK with WebKitWebDriver, and Xvfb.`,
    );
  }
  return { firefox, miniBrowser };
}
