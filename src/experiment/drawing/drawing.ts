import type { TrainingClient } from '../../worker/client.ts';
import { drawableNetworks, weightsVersion } from '../runs/answering.ts';
import { type AskedNetworks, askNetworks } from '../queries/askNetworks.ts';
import { createQuery } from '../queries/createQuery.ts';
import { type LabReader, onChange, type Slice } from '../slices.ts';
import { encodeDigit } from '../../digits/compactDigit.ts';
import { createDrawingAttacks } from './drawingAttacks.ts';
import { type DrawingAttack, type DrawingState, initialDrawing } from './drawingState.ts';
import { firstPad, recognizePad } from './firstScreen.ts';
import { type DrawingStorage, keepDrawing, recallDrawing } from './savedDrawing.ts';
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
import { type Transform, transformDigit } from '../../digits/transform.ts';

/** While networks train, the drawing is classified again at most this often. */
const pace = { intervalMs: 500 };
/** Number of changes that can be undone. */
const maxPast = 100;

/** The user's actions on the drawing. */
export interface DrawingController {
  beginStroke(point: Point): void;
  /** Extends the stroke while the pen is down. */
  extendStroke(points: readonly Point[]): void;
  endStroke(): void;
  /** Removes the unfinished stroke when the pointer was lost. */
  cancelStroke(): void;
  undo(): void;
  clear(): void;
  setThickness(thickness: number): void;
  /** Replaces the pad's content by a digit. @param pixels [784], 0 to 1 */
  place(pixels: Float32Array): void;
  /**
   * Puts a link's digit on the pad, unless the link was made from the drawing already there. The saved drawing remains
   * the user's own until they change the link's digit.
   */
  open(pixels: Float32Array): void;
  setTransform(changes: Partial<Transform>): void;
  setAttack(changes: Partial<DrawingAttack>): void;
  /** Whether attacks are visible: they are computed only then. */
  showAttack(isShown: boolean): void;
  /** Searches for the smallest ε that changes the prediction, one network after another. */
  search(target: number | null): void;
  cancelSearch(): void;
}

/** What predictions depend on. The input is computed from pad and transform only for a query, as it takes time. */
interface PredictionKey {
  readonly client: TrainingClient | null;
  readonly ids: AskedNetworks['ids'];
  readonly pad: Pad;
  readonly transform: Transform;
}

/**
 * Holds the drawing and every network's predictions for it.
 *
 * @param storage saves the drawing across visits; null if it is not saved
 */
export function createDrawing(
  lab: LabReader,
  drawing: Slice<DrawingState>,
  getClient: () => TrainingClient | null,
  storage: DrawingStorage | null,
): DrawingController {
  const { get, update } = drawing;
  const attacks = createDrawingAttacks(lab, drawing, getClient);
  /** The digit that a link put on the pad. */
  let linked: Pad | null = null;
  /** The pad and transform that `input` was computed from. */
  let made: { readonly pad: Pad; readonly transform: Transform } | null = null;

  const predictions = createQuery<PredictionKey, DrawingState['predictions'], DrawingState>({
    key: () => {
      const { pad, transform } = get();
      const ids = drawableNetworks(lab.getState()).map(({ id }) => id);
      return { client: getClient(), ids: ids.join(' '), pad, transform };
    },
    version: () => weightsVersion(lab.getState()),
    isUsable: (older, newest) => older.client === newest.client && !isPadEmpty(newest.pad),
    pace,
    ask: ({ client, ids }, signal) => {
      makeInput();
      const { input } = get();
      if (client === null || input === null || ids === '') return Promise.resolve({});
      return askNetworks({ ids }, (id) => client.classify(id, input, signal));
    },
    toState: (found) => ({ predictions: found, predictedInput: get().input }),
    update,
  });

  /** Replaces the pad and keeps the previous one for undo. */
  function change(pad: Pad, changes: Partial<DrawingState> = {}): void {
    const { pad: before, past } = get();
    update({ pad, past: [...past.slice(1 - maxPast), before], ...changes });
  }

  function keep(): void {
    if (storage) keepDrawing(storage, get());
  }

  /** Recomputes `input` from pad and transform; returns the same object while they stay the same. */
  function makeInput(): void {
    const { pad, transform } = get();
    if (made?.pad === pad && made.transform === transform) return;
    const normalized = made?.pad === pad ? get().normalized : normalizePad(pad);
    made = { pad, transform };
    const digit = inputOfPad(pad, normalized);
    const input = digit && transformDigit(digit, transform);
    attacks.forget();
    update({ normalized, input, error: null, ...(input === null && { predictions: {} }) });
  }

  const kept = storage && recallDrawing(storage);
  update({
    ...initialDrawing,
    pad: firstPad,
    ...kept,
    ...(kept && { pad: recognizePad(kept.pad) }),
  });
  makeInput();
  onChange(lab, ['drawing', 'runs', 'pretrained', 'customData', 'engine'], () =>
    predictions.refresh(),
  );

  return {
    beginStroke: (point) => {
      const { pad, thickness } = get();
      // The page's own first digit makes room for the user's; a digit that they have chosen is drawn over.
      const longer = beginStroke(pad === firstPad ? emptyPad : pad, point, thickness);
      if (longer !== pad) change(longer, { isPenDown: true }); // a full pad accepts no more points
    },
    extendStroke: (points) => {
      const { pad, isPenDown } = get();
      if (!isPenDown || points.length === 0) return;
      update({ pad: extendStroke(pad, points) });
    },
    endStroke: () => {
      if (!get().isPenDown) return;
      update({ isPenDown: false });
      keep();
    },
    cancelStroke: () => {
      const { past, isPenDown } = get();
      const before = past.at(-1);
      if (!isPenDown || before === undefined) return;
      update({ pad: before, past: past.slice(0, -1), isPenDown: false });
    },
    undo: () => {
      const { past } = get();
      const before = past.at(-1);
      if (before === undefined) return;
      update({ pad: before, past: past.slice(0, -1), isPenDown: false });
      keep();
    },
    clear: () => {
      if (isPadEmpty(get().pad)) return;
      change(emptyPad, { isPenDown: false });
      keep();
    },
    setThickness: (thickness) => {
      update({ thickness: Math.min(penThickness.max, Math.max(penThickness.min, thickness)) });
      if (get().pad !== linked) keep();
    },
    place: (pixels) => {
      change({ base: pixels, strokes: [] }, { isPenDown: false });
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
      update({ transform: { ...get().transform, ...changes } });
    },
    setAttack: (changes) => {
      update({ attack: { ...get().attack, ...changes } });
    },
    showAttack: (isAttackShown) => {
      update({ isAttackShown });
    },
    search: (target) => attacks.search(target),
    cancelSearch: () => attacks.cancelSearch(),
  };
}
