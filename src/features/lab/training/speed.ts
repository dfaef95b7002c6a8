import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Lab } from '../../../experiment/lab.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { workDone } from './estimate.ts';

/** Work per second (estimate.ts) by the name of the engine, as experiments on this machine had it last. */
type Speeds = Readonly<Record<string, number>>;

const storageKey = 'adversarial-gradient-lab training speed';
/** With less, the start and the evaluations weigh too much. */
const minSeconds = 3;

let store: StoreApi<Speeds> | null = null;

/** Read when it is first needed: the first access to the browser's storage takes milliseconds. */
function getSpeeds(): StoreApi<Speeds> {
  store ??= createStore<Speeds>(() => readSpeeds());
  return store;
}

function readSpeeds(): Speeds {
  try {
    const saved = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as object;
    const numbers = Object.entries(saved).filter(([, speed]) => speed > 0);
    return Object.fromEntries(numbers) as Speeds;
  } catch {
    return {}; // no storage, or not what this page has saved
  }
}

function saveSpeed(engine: string, speed: number): void {
  getSpeeds().setState({ [engine]: speed });
  try {
    localStorage.setItem(storageKey, JSON.stringify(getSpeeds().getState()));
  } catch {
    // It is known until the page is closed.
  }
}

/** The speed of the present engine, or null while none was measured here. */
export function useSpeed(): number | null {
  const engine = useLab((state) => nameEngine(state));
  return useStore(getSpeeds(), (all) => (engine === null ? null : (all[engine] ?? null)));
}

function nameEngine({ engine }: Pick<LabState, 'engine'>): string | null {
  return engine.status === 'ready' ? engine.engine.name : null;
}

/**
 * Measures the speed of experiments in time that passes for the user: with their evaluations, and on as many cores as
 * they share.
 *
 * @returns a function that stops it
 */
export function watchSpeed({ store }: Pick<Lab, 'store'>, now = () => performance.now()) {
  let first: { readonly ms: number; readonly work: number } | null = null;
  let last: { readonly engine: string; readonly speed: number } | null = null;
  return store.subscribe((state, before) => {
    const { runs } = state;
    if (runs === before.runs) return;
    const engine = nameEngine(state);
    const isTraining =
      runs.length > 0 &&
      runs.every(({ status, progress }) => status === 'running' && (progress?.step ?? 0) > 0);
    if (isTraining && engine !== null) {
      const ms = now();
      const work = workDone(runs);
      first ??= { ms, work };
      const seconds = (ms - first.ms) / 1000;
      if (seconds >= minSeconds) last = { engine, speed: (work - first.work) / seconds };
    } else {
      if (last !== null) saveSpeed(last.engine, last.speed);
      first = last = null;
    }
  });
}
