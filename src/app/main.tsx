import '@fontsource-variable/inter/wght.css';
import './font.css';
import '@mantine/core/styles/default-css-variables.css';
import './mantine.css';
import './global.css';
import { startTransition } from 'react';
import { findLocalStorage } from '../experiment/drawing/savedDrawing.ts';
import { createLab } from '../experiment/lab.ts';
import { openArchive } from '../experiment/storage/openArchive.ts';
import { resumePresentExperiment } from '../experiment/storage/resume.ts';
import { pretrainedFolder } from '../domain/pretrained.ts';
import { nextTask } from '../domain/nextTask.ts';
import { canShareMemory } from '../domain/sharedMemory.ts';
import { preloadParts } from '../ui/onDemand/onDemand.tsx';
import { connectTraining } from '../worker/client.ts';
import { followLink, openLink } from './addressBar.ts';
import { App } from './App.tsx';
import { keepOffline, lockVersion, receiveReports } from './offline/keepOffline.ts';
import { refuseStrayDrops } from './refuseDrops.ts';
import { tolerateTranslation } from './tolerateTranslation.ts';
import { idle, whenQuiet } from './whenQuiet.ts';

const dataUrl = new URL('data/mnist/', document.baseURI).href;
const pretrainedUrl = new URL(pretrainedFolder, document.baseURI).href;

/** The development server's files change under a service worker. */
const hasServiceWorker = import.meta.env.PROD;

/** Each step is a task of its own, so that the browser can answer in between. */
async function start(): Promise<void> {
  if (hasServiceWorker) {
    lockVersion();
    receiveReports();
  }
  const renderer = import('react-dom/client'); // evaluated in a task of its own, too
  await nextTask(); // the evaluation of all other modules was one
  let announce = (): void => undefined;
  /** Until the first screen has been painted, nothing else takes the processor or the line from it. */
  const shown = new Promise<void>((resolve) => (announce = resolve));
  const lab = createLab(
    (engine) =>
      connectTraining({
        createWorker: () =>
          new Worker(new URL('../worker/training.worker.ts', import.meta.url), { type: 'module' }),
        dataUrl,
        engine,
        cores: navigator.hardwareConcurrency,
        canShare: canShareMemory(),
      }),
    openArchive(),
    async () => {
      await shown;
      const { fetchPretrained } = await import('../experiment/queries/fetchPretrained.ts');
      return fetchPretrained(pretrainedUrl);
    },
    findLocalStorage(),
    (begin) => void shown.then(begin),
  );
  const isLinked = openLink(lab, location.hash);
  followLink(lab);
  refuseStrayDrops(window);
  tolerateTranslation();

  const { createRoot } = await renderer;
  await nextTask();
  const root = createRoot(document.getElementById('root')!);
  // Rendered in slices, as a transition.
  startTransition(() => root.render(<App lab={lab} onShown={announce} />));
  void resumePresentExperiment(lab, isLinked);
  await whenQuiet(lab);
  await idle();
  if (hasServiceWorker) void keepOffline(lab);
  await preloadParts(idle); // the code of the parts that a press may show next
}

void start();
