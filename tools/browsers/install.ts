import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findBrowser, installDistributionPackages, isInstalled } from '../browser.ts';

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

/** Names by which Firefox is installed. Its FIREFOX_PATH is used instead, if it is set. */
const firefoxNames = ['firefox-esr', 'firefox'];
const libraryFolders = [
  '/usr/lib',
  '/usr/libexec',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
];

/** Where a browser is, if it can be driven, and Debian's package of it. */
const browsers: Readonly<Record<BrowserName, { find: () => string | undefined; package: string }>> =
  {
    chromium: { find: findBrowser, package: 'chromium' },
    firefox: {
      find: () => process.env.FIREFOX_PATH ?? firefoxNames.find(isInstalled),
      package: 'firefox-esr',
    },
    /** WebKitGTK's small browser, which its driver starts. */
    webkit: {
      find: () => (isInstalled('WebKitWebDriver') ? findMiniBrowser() : undefined),
      package: 'webkit2gtk-driver',
    },
  };

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

/** What is missing for these browsers, as Debian's packages. */
function listMissing(names: readonly BrowserName[]): string[] {
  return [
    ...names
      .filter((name) => browsers[name].find() === undefined)
      .map((name) => browsers[name].package),
    ...(isInstalled('Xvfb') ? [] : ['xvfb']),
  ];
}

/** The browsers that can be started, with their programs, and one line about those that cannot. */
export interface Found {
  readonly programs: ReadonlyMap<BrowserName, string>;
  readonly missing: string | null;
}

/** Finds these browsers, and installs those that are missing where this user may. */
export function findPrograms(names: readonly BrowserName[]): Found {
  const wanted = listMissing(names);
  if (wanted.length > 0) installDistributionPackages({ 'apt-get': wanted });
  const hasScreen = isInstalled('Xvfb');
  const programs = new Map<BrowserName, string>();
  for (const name of names) {
    const program = browsers[name].find();
    if (hasScreen && program !== undefined) programs.set(name, program);
  }
  const absent = names.filter((name) => !programs.has(name));
  if (absent.length === 0) return { programs, missing: null };
  const packages = listMissing(names).join(' ');
  return {
    programs,
    missing: `NOT TESTED in ${absent.join(', ')}: not installed, and could not be. On Debian or Ubuntu run \`apt-get install ${packages}\`; elsewhere install the browser (WebKitGTK with WebKitWebDriver) and Xvfb.`,
  };
}
