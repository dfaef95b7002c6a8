import { defineConfig } from '@playwright/test';
import { browserLaunchOptions } from './scripts/browser.ts';

// Not Vite's own 4173, where somebody's preview may be running.
const port = 4611;

/** What a person does, on the built site: run `npm run build` first, or `npm test` for everything. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // WebGL is rendered in software here: one page at a time has the processor to itself.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    browserName: 'chromium',
    launchOptions: browserLaunchOptions(),
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
});
