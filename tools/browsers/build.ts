import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'vite';
import { kernelsPlugin } from '../build/kernels.ts';
import { copyObserved } from './observer.ts';

const root = path.join(import.meta.dirname, '..', '..');
const cache = path.join(root, 'node_modules', '.cache');
/** The site with few images of MNIST, and the page that tests the engine, both observed. */
export const folders = {
  site: path.join(cache, 'lab-observed-site'),
  engine: path.join(cache, 'lab-engine-page'),
};

export async function buildAll(): Promise<void> {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'build:small'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`The site does not build.\n${stderr}`);
  copyObserved(path.join(root, 'dist-small'), folders.site);
  const built = `${folders.engine}-built`;
  await build({
    configFile: false,
    logLevel: 'warn',
    root: path.join(import.meta.dirname, 'enginePage'),
    base: './',
    plugins: [kernelsPlugin()],
    worker: { format: 'es' },
    build: {
      outDir: built,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
    },
  });
  copyObserved(built, folders.engine);
}
