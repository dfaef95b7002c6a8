import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../shared/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { drawableNetworks } from '../answering.ts';
import { createRefresher } from '../refresher.ts';
import type { LabState } from '../state.ts';
import { encodeDigit } from './compactDigit.ts';
import { createDrawingAttacks } from './drawingAttacks.ts';
import { type DrawingAttack, type DrawingState, initialDrawing } from './drawingState.ts';
import { type DrawingStorage, keepDrawing, recallDrawing } from './keptDrawing.ts';
import {
  beginStroke,
  emptyPad,
  extendStroke,
  isPadEmpty,
  type Pad,
  penThickness,
  type Point,
} from './pad.ts';
import { inputOfPad, normalizePad } from './padInput.ts';
import { type Transform, transformDigit } from './transform.ts';
import { isOldNews } from '../oldNews.ts';

/** The networks are asked about the drawing again at most this often while they train. */
const trainingIntervalMs = 500;
/** Changes that can be undone. */
const maxPast = 100;

/** What a person can do with the drawing. */
export interface DrawingKeeper {
  beginStroke(point: Point): void;
  /** Draws on, while the pen is down. */
  extendStroke(points: readonly Point[]): void;
  endStroke(): void;
  /** Takes back the stroke under way: the pointer was lost. */
  cancelStroke(): void;
  undo(): void;
  clear(): void;
  setThickness(thickness: number): void;
  /** Puts a digit on the pad in place of what is there. @param pixels [784], 0 to 1 */
  place(pixels: Float32Array): void;
  /**
   * Puts a link's digit on the pad, unless the drawing there is the one that the link was made of. The drawing that is
   * kept stays a person's own until they change the link's.
   */
  open(pixels: Float32Array): void;
  setTransform(changes: Partial<Transform>): void;
  setAttack(changes: Partial<DrawingAttack>): void;
  /** Whether attacks are looked at: they are made only then. */
  showAttack(isShown: boolean): void;
  /** Searches the smallest ε that changes the answer, on every network in turn. */
  search(towards: number | null): void;
  cancelSearch(): void;
  /** The networks, their weights or the attack ε have changed: asks at once. */
  now(): void;
  /** Training goes on: asks when some time has passed. */
  soon(): void;
  /** The engine is gone. */
  cancel(): void;
}

/**
 * Keeps the drawing, and what every network answers to it, up to date: one round of questions at a
 * time, of which the newest always follows.
 *
 * @param storage where the drawing outlives the page; null: nowhere
 */
export function createDrawing(
  store: Pick<StoreApi<LabState>, 'getState' | 'setState' | 'subscribe'>,
  getClient: () => TrainingClient | null,
  storage: DrawingStorage | null,
): DrawingKeeper {
  const { getState, setState } = store;
  const refresher = createRefresher(answerAll, { intervalMs: trainingIntervalMs });
  const attacks = createDrawingAttacks(store, getClient);
  /** What a link has put on the pad. */
  let linked: Pad | null = null;
  /** What `input` was made of. */
  let made: { readonly pad: Pad; readonly transform: Transform } | null = null;

  function get(): DrawingState {
    return getState().drawing;
  }

  function set(changes: Partial<DrawingState>): void {
    setState({ drawing: { ...get(), ...changes } });
  }

  /** Puts another pad in place; the one before can be had back. */
  function change(pad: Pad, changes: Partial<DrawingState> = {}): void {
    const { pad: before, past } = get();
    set({ pad, past: [...past.slice(1 - maxPast), before], ...changes });
    refresher.now();
  }

  function keep(): void {
    if (storage) keepDrawing(storage, get());
  }

  /** Brings `input` up to date with pad and transform; the same object while they stay the same. */
  function makeInput(): void {
    const { pad, transform } = get();
    if (made?.pad === pad && made.transform === transform) return;
    const normalized = made?.pad === pad ? get().normalized : normalizePad(pad);
    made = { pad, transform };
    const digit = inputOfPad(pad, normalized);
    const input = digit && transformDigit(digit, transform);
    attacks.forget();
    set({ normalized, input, error: null, ...(input === null && { answers: {} }) });
  }

  async function answerAll(): Promise<void> {
    makeInput();
    const asked = getClient();
    const { input } = get();
    const ids = drawableNetworks(getState()).map(({ id }) => id);
    if (asked === null || input === null || ids.length === 0) {
      if (Object.keys(get().answers).length > 0) set({ answers: {} });
      return;
    }
    const isLate = (): boolean => getClient() !== asked || get().input === null;
    try {
      const answers = await Promise.all(
        ids.map(async (id) => [id, await asked.classify(id, input)] as const),
      );
      if (isLate()) return;
      set({ answers: Object.fromEntries(answers), answeredInput: input, error: null });
      attacks.refresh();
    } catch (thrown) {
      if (!isLate() && !isOldNews(thrown)) set({ error: reportError(thrown) });
    }
  }

  const kept = storage && recallDrawing(storage);
  set({ ...initialDrawing, ...kept });
  makeInput();

  let known = '';
  store.subscribe((state) => {
    const networks = drawableNetworks(state)
      .map(({ id }) => id)
      .join(' ');
    if (networks === known) return;
    known = networks;
    refresher.now();
  });

  return {
    beginStroke: (point) => {
      const { pad, thickness } = get();
      const longer = beginStroke(pad, point, thickness);
      if (longer !== pad) change(longer, { isPenDown: true }); // a full pad takes no more
    },
    extendStroke: (points) => {
      const { pad, isPenDown } = get();
      if (!isPenDown || points.length === 0) return;
      set({ pad: extendStroke(pad, points) });
      refresher.now();
    },
    endStroke: () => {
      if (!get().isPenDown) return;
      set({ isPenDown: false });
      keep();
    },
    cancelStroke: () => {
      const { past, isPenDown } = get();
      const before = past.at(-1);
      if (!isPenDown || before === undefined) return;
      set({ pad: before, past: past.slice(0, -1), isPenDown: false });
      refresher.now();
    },
    undo: () => {
      const { past } = get();
      const before = past.at(-1);
      if (before === undefined) return;
      set({ pad: before, past: past.slice(0, -1), isPenDown: false });
      refresher.now();
      keep();
    },
    clear: () => {
      if (isPadEmpty(get().pad)) return;
      change(emptyPad, { isPenDown: false });
      keep();
    },
    setThickness: (thickness) => {
      set({ thickness: Math.min(penThickness.max, Math.max(penThickness.min, thickness)) });
      if (get().pad !== linked) keep();
    },
    place: (pixels) => {
      change({ base: pixels.slice(), strokes: [] }, { isPenDown: false });
      keep();
    },
    open: (pixels) => {
      const { pad } = get();
      const present = inputOfPad(pad, normalizePad(pad));
      if (present && encodeDigit(present) === encodeDigit(pixels)) return;
      linked = { base: pixels, strokes: [] };
      change(linked, { isPenDown: false });
    },
    setTransform: (changes) => {
      set({ transform: { ...get().transform, ...changes } });
      refresher.now();
    },
    setAttack: (changes) => {
      set({ attack: { ...get().attack, ...changes } });
      attacks.refresh();
    },
    showAttack: (isAttackShown) => {
      set({ isAttackShown });
      attacks.refresh();
    },
    search: (towards) => attacks.search(towards),
    cancelSearch: () => attacks.cancelSearch(),
    now: () => refresher.now(),
    soon: () => refresher.soon(),
    cancel: () => {
      refresher.cancel();
      attacks.cancel();
    },
  };
}
