import { defineConfig } from '@playwright/test';
import { browserLaunchOptions } from './tools/browser.ts';
import { smallMnistMode } from './tools/build/mnistPlugin.ts';

// Not Vite's own 4173, where another preview may be running; E2E_PORT lets several checkouts run their tests at once.
const firstPort = Number(process.env.E2E_PORT ?? 4611);
const ports = { whole: firstPort, small: firstPort + 1 };
const vite = 'node node_modules/vite/bin/vite.js';

/** Tests that need all of MNIST, or the site as it is published. */
const wholeMnist = /(results|hosting)\.spec\.ts$/;
/** Tests of time, and of WebGL rendered by the processor, run one at a time. */
const alone = /@alone/;

function serve(port: number, build: string) {
  return {
    command: `${vite} preview --port ${port} --strictPort ${build}`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  };
}

/** What a person does, on the built site: run `npm run build` and `npm run build:small` first, or `npm test` for everything. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: true,
  // A busy machine makes a test late now and then. The list of results names what only passed the second time.
  retries: 1,
  forbidOnly: process.env.CI !== undefined,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: browserLaunchOptions(),
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'off',
    // One would answer later visits itself, while most tests are about what the server answers.
    serviceWorkers: 'block',
  },
  projects: [
    {
      name: 'small',
      testIgnore: wholeMnist,
      grepInvert: alone,
      use: { baseURL: `http://localhost:${ports.small}` },
    },
    {
      name: 'whole',
      testMatch: wholeMnist,
      grepInvert: alone,
      use: { baseURL: `http://localhost:${ports.whole}` },
    },
    {
      name: 'alone',
      grep: alone,
      workers: 1,
      dependencies: ['small', 'whole'],
      use: { baseURL: `http://localhost:${ports.small}` },
    },
  ],
  webServer: [
    serve(ports.whole, ''),
    serve(ports.small, `--outDir dist-small --mode ${smallMnistMode}`),
  ],
});
