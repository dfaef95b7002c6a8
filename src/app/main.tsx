import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './global.css';
import { createRoot } from 'react-dom/client';
import { findLocalStorage } from '../experiment/drawing/savedDrawing.ts';
import { createLab } from '../experiment/lab.ts';
import { fetchPretrained } from '../experiment/queries/pretrained.ts';
import { openArchive } from '../experiment/storage/openArchive.ts';
import { resumePresentExperiment } from '../experiment/storage/resume.ts';
import { pretrainedFolder } from '../domain/pretrained.ts';
import { connectTraining } from '../worker/client.ts';
import { followLink, openLink } from './addressBar.ts';
import { App } from './App.tsx';
import { refuseStrayDrops } from './refuseDrops.ts';

const dataUrl = new URL('data/mnist/', document.baseURI).href;
const pretrainedUrl = new URL(pretrainedFolder, document.baseURI).href;

const lab = createLab(
  (engine) =>
    connectTraining({
      createWorker: () =>
        new Worker(new URL('../worker/training.worker.ts', import.meta.url), { type: 'module' }),
      dataUrl,
      engine,
      cores: navigator.hardwareConcurrency,
      canShare: crossOriginIsolated,
    }),
  openArchive(),
  () => fetchPretrained(pretrainedUrl),
  findLocalStorage(),
);

const isLinked = openLink(lab, location.hash);
followLink(lab);
refuseStrayDrops(window);

createRoot(document.getElementById('root')!).render(<App lab={lab} />);
void resumePresentExperiment(lab, isLinked);
