import { z } from 'zod';
import '../../domain/settings/config.ts'; // it tells zod, before the schema below is made, that this page forbids eval
import { type Pad, padLimits, penThickness } from './pad.ts';

/** Where a drawing outlives the page: the browser's local storage, as far as it is needed. */
export type DrawingStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface SavedDrawing {
  readonly pad: Pad;
  readonly thickness: number;
}

const key = 'drawing';
/** Longer texts are not read at all. */
const maxLength = 2_000_000;
const part = z
  .number()
  .min(1 - padLimits.farthest)
  .max(padLimits.farthest);

const savedDrawingSchema = z.strictObject({
  version: z.literal(1),
  thickness: z.number().min(penThickness.min).max(penThickness.max),
  /** Grey levels 0 to 255. */
  base: z.array(z.int().min(0).max(255)).length(784).nullable(),
  strokes: z
    .array(
      z.strictObject({
        thickness: z.number().min(penThickness.min).max(penThickness.max),
        /** x, y, x, y … */
        points: z
          .array(part)
          .min(2)
          .max(2 * padLimits.pointsPerStroke)
          .refine(({ length }) => length % 2 === 0),
      }),
    )
    .max(padLimits.strokes),
});

/** The browser's local storage; null where it has none for this page (blocked, or from a file). */
export function findLocalStorage(): DrawingStorage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** Keeps the drawing over a reload. Where nothing can be kept (private mode, no room), it is not. */
export function keepDrawing(storage: DrawingStorage, { pad, thickness }: SavedDrawing): void {
  const kept: z.infer<typeof savedDrawingSchema> = {
    version: 1,
    thickness,
    base: pad.base && Array.from(pad.base, (level) => Math.round(255 * level)),
    strokes: pad.strokes.map((stroke) => ({
      thickness: stroke.thickness,
      points: stroke.points.flatMap(({ x, y }) => [round(x), round(y)]),
    })),
  };
  try {
    storage.setItem(key, JSON.stringify(kept));
  } catch {
    // A drawing that is lost with the page is no reason to disturb anybody.
  }
}

/** The drawing of the last visit; null where there is none, or what is kept is not one. */
export function recallDrawing(storage: DrawingStorage): SavedDrawing | null {
  try {
    const text = storage.getItem(key);
    if (text === null || text.length > maxLength) return null;
    const { base, strokes, thickness } = savedDrawingSchema.parse(JSON.parse(text));
    return {
      thickness,
      pad: {
        base: base && Float32Array.from(base, (level) => level / 255),
        strokes: strokes.map((stroke) => ({
          thickness: stroke.thickness,
          points: stroke.points.flatMap((x, index, all) =>
            index % 2 === 0 ? [{ x, y: all[index + 1]! }] : [],
          ),
        })),
      },
    };
  } catch {
    return null;
  }
}

function round(part: number): number {
  return Math.round(part * 10_000) / 10_000;
}
