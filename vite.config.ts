import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { cspPlugin } from './tools/build/cspPlugin.ts';
import { headersPlugin } from './tools/build/headers.ts';
import { mantineStyles } from './tools/build/mantineStyles.ts';
import { preloadFont } from './tools/build/preloadFont.ts';
import { prerender } from './tools/build/prerender.ts';
import { preloadRenderer } from './tools/build/preloadRenderer.ts';
import { kernelsPlugin } from './tools/build/kernels.ts';
import { mnistPlugin } from './tools/build/mnistPlugin.ts';
import { noticesPlugins } from './tools/build/noticesPlugin.ts';
import { serviceWorkerPlugin } from './tools/build/serviceWorkerPlugin.ts';

const notices = noticesPlugins();

export default defineConfig({
  // Relative URLs: the built site works from any sub-path.
  base: './',
  plugins: [
    kernelsPlugin(),
    react(),
    mnistPlugin(),
    cspPlugin(),
    headersPlugin(),
    preloadFont(),
    preloadRenderer(),
    mantineStyles(),
    prerender(),
    notices.page,
    serviceWorkerPlugin(),
  ],
  worker: { format: 'es', plugins: () => [notices.worker] },
  build: {
    target: 'es2022',
    // No data: URLs, which the Content-Security-Policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    // One file for what the first screen shares with other places, not eight: each request costs a phone a round trip.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'base',
              tags: ['$initial'],
            },
          ],
        },
      },
    },
    // TensorFlow.js is one chunk of the worker; its size is not news.
    chunkSizeWarningLimit: 1500,
  },
});
