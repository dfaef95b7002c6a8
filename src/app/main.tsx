import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './global.css';
import { createRoot } from 'react-dom/client';
import { createLab } from '../lab/lab.ts';
import { connectWorker } from '../worker/client.ts';
import { App } from './App.tsx';

const dataUrl = new URL('data/mnist/', document.baseURI).href;

const lab = createLab((engine) =>
  connectWorker(
    () => new Worker(new URL('../worker/training.worker.ts', import.meta.url), { type: 'module' }),
    dataUrl,
    engine,
  ),
);

createRoot(document.getElementById('root')!).render(<App lab={lab} />);
