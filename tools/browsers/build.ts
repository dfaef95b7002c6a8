import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'vite';
import { kernelsPlugin } from '../build/kernels.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** The site with few images of MNIST, and the page that tests the engine. */
export const folders = {
  site: path.join(root, 'dist-small'),
  engine: path.join(root, 'node_modules', '.cache', 'lab-engine-page'),
};

export async function buildAll(): Promise<void> {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'build:small'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`The site does not build.\n${stderr}`);
  await build({
    configFile: false,
    logLevel: 'warn',
    root: path.join(import.meta.dirname, 'enginePage'),
    base: './',
    plugins: [kernelsPlugin()],
    worker: { format: 'es' },
    build: {
      outDir: folders.engine,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
    },
  });
}
