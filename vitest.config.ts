import { playwright } from '@vitest/browser-playwright';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { isolation } from './tools/build/headers.ts';
import { browserLaunchOptions } from './tools/browser.ts';

export default defineConfig({
  test: {
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'unit',
          environment: 'node',
          // Pure code, and tests that undo what they change: one start of Vitest's workers is enough for all.
          isolate: false,
          pool: 'threads',
          maxWorkers: availableParallelism(),
          include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
          exclude: ['src/**/*.browser.test.ts'],
          // Some train for a second or two; on a busy machine that is many.
          testTimeout: 60_000,
        },
      },
      {
        extends: './vite.config.ts',
        // Vitest’s own pages are served before plugins are asked.
        server: { headers: isolation },
        // Found late, these would make Vite reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            '@noble/hashes/sha2.js',
            '@noble/hashes/utils.js',
            '@tensorflow/tfjs-backend-webgl/dist/base.js',
            '@tensorflow/tfjs-backend-webgl/dist/canvas_util.js',
            '@tensorflow/tfjs-core',
            'idb',
            'pure-rand/distribution/uniformFloat32',
            'pure-rand/distribution/uniformInt',
            'pure-rand/generator/xoroshiro128plus',
            'fast-png',
            'fflate',
            'zod',
            'zod/mini',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          // WebGL is rendered in software on most machines that run these tests.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: browserLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
