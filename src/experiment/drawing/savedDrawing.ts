import { z } from 'zod/mini';
import '../../domain/settings/config.ts'; // configures zod for a page that forbids eval before the schema is made
import { type Pad, padLimits, penThickness } from './pad.ts';

/** The part of the browser's local storage that saves a drawing across visits. */
export type DrawingStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface SavedDrawing {
  readonly pad: Pad;
  readonly thickness: number;
}

const key = 'drawing';
/** Longer texts are not parsed. */
const maxLength = 2_000_000;
const part = z.number().check(z.minimum(1 - padLimits.farthest), z.maximum(padLimits.farthest));
const thickness = z.number().check(z.minimum(penThickness.min), z.maximum(penThickness.max));

const savedDrawingSchema = z.strictObject({
  version: z.literal(1),
  thickness,
  /** Gray levels 0 to 255. */
  base: z.nullable(z.array(z.int().check(z.minimum(0), z.maximum(255))).check(z.length(784))),
  strokes: z
    .array(
      z.strictObject({
        thickness,
        /** x, y, x, y … */
        points: z.array(part).check(
          z.minLength(2),
          z.maxLength(2 * padLimits.pointsPerStroke),
          z.refine(({ length }) => length % 2 === 0),
        ),
      }),
    )
    .check(z.maxLength(padLimits.strokes)),
});

/** The browser's local storage, or null if the page has none (blocked, or opened from a file). */
export function findLocalStorage(): DrawingStorage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** Saves the drawing across reloads, if storage permits (not in private mode or when full). */
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
    // Losing a drawing is not worth an error message.
  }
}

/** The drawing of the last visit, or null if there is none or the saved one is invalid. */
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
