import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef, useState } from 'react';
import { firstDigits } from '../../../experiment/drawing/firstScreen.ts';
import { isPadEmpty, type Point } from '../../../experiment/drawing/pad.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { paintCursor, paintPad } from './paintPad.ts';
import { paintingContext } from '../../../ui/images/paintingContext.ts';
import styles from './Pad.module.css';

/** Side of the canvas in pixels, independent of its size on the page. */
const side = 560;
/** Positions of the keyboard's pen along one side: MNIST's pixels. */
const places = 28;
/** Positions that the pen moves with Shift. */
const longStep = 4;

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The pad, for drawing with mouse, pen, finger or keyboard. */
export function PadCanvas() {
  const lab = useLabActions();
  const helpId = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  /** The pointer that draws; others are ignored in the meantime, except that a pen replaces a hand. */
  const pointer = useRef<{ id: number; type: string } | null>(null);
  const pad = useLab(({ drawing }) => drawing.pad);
  const isPenDown = useLab(({ drawing }) => drawing.isPenDown);
  const thickness = useLab(({ drawing }) => drawing.thickness);
  /** The position of the keyboard's pen while the keyboard draws. */
  const [cursor, setCursor] = useState<Point | null>(null);

  const isPainted = useRef(false);

  useEffect(() => {
    const paint = (): void => {
      const context = paintingContext(canvas.current);
      if (!context) return;
      isPainted.current = true;
      paintPad(context, side, pad);
      if (cursor !== null) paintCursor(context, side, cursor, { thickness, isPenDown });
    };
    if (isPainted.current) {
      paint();
      return undefined;
    }
    // A canvas takes longest at first: in a task of its own, but still in the frame that shows the pad.
    const frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, [pad, cursor, thickness, isPenDown]);

  function handleDown(event: PointerEvent<HTMLDivElement>): void {
    const { pointerId: id, pointerType: type } = event;
    // A palm may touch the pad before the pen does: its mark was not intended.
    const isPalm = pointer.current?.type === 'touch' && type === 'pen';
    if (event.button !== 0 || (pointer.current !== null && !isPalm)) return;
    pointer.current = { id, type };
    capture(event.currentTarget, id);
    setCursor(null);
    if (isPalm) lab.drawing.cancelStroke();
    else lab.drawing.endStroke();
    lab.drawing.beginStroke(placeOf(event.currentTarget, event));
  }

  function handleMove(event: PointerEvent<HTMLDivElement>): void {
    if (event.pointerId !== pointer.current?.id) return;
    // All points that the browser has merged into one event, for a smooth line.
    const all = coalescedOf(event.nativeEvent);
    const { currentTarget } = event;
    lab.drawing.extendStroke(all.map((one) => placeOf(currentTarget, one)));
  }

  function handleUp(event: PointerEvent<HTMLDivElement>): void {
    if (event.pointerId !== pointer.current?.id) return;
    pointer.current = null;
    lab.drawing.endStroke();
  }

  /** Only a pointer that could not be captured leaves the pad while it draws. */
  function handleLeave(event: PointerEvent<HTMLDivElement>): void {
    if (!hasCapture(event.currentTarget, event.pointerId)) handleUp(event);
  }

  /** The browser uses the pointer for something else, such as scrolling, so its stroke was not intended. */
  function handleLoss(event: PointerEvent<HTMLDivElement>): void {
    if (event.pointerId !== pointer.current?.id) return;
    pointer.current = null;
    lab.drawing.cancelStroke();
  }

  function handleKey(event: KeyboardEvent<HTMLDivElement>): void {
    const { key } = event;
    if (pointer.current !== null) return; // a pointer is already drawing
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'z') {
      event.preventDefault();
      lab.drawing.undo();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = directions[key];
    const from = cursor ?? { x: 0.5, y: 0.5 };
    if (direction) {
      event.preventDefault();
      const step = (event.shiftKey ? longStep : 1) / places;
      const to = {
        x: Math.min(1, Math.max(0, from.x + step * direction.x)),
        y: Math.min(1, Math.max(0, from.y + step * direction.y)),
      };
      setCursor(to);
      lab.drawing.extendStroke([to]);
    } else if (key === ' ' || key === 'Enter') {
      event.preventDefault();
      setCursor(from);
      if (isPenDown) lab.drawing.endStroke();
      else lab.drawing.beginStroke(from);
    } else if (/^\d$/.test(key)) {
      event.preventDefault();
      lab.drawing.place(firstDigits[Number(key)]!);
    } else if (key === 'Escape' && isPenDown) {
      event.preventDefault();
      lab.drawing.endStroke();
    }
  }

  return (
    <div className={styles.frame}>
      <div
        id="pad"
        className={styles.pad}
        role="application"
        aria-label="Drawing pad"
        aria-describedby={helpId}
        tabIndex={0}
        onPointerDown={handleDown}
        onPointerMove={handleMove}
        onPointerUp={handleUp}
        onPointerCancel={handleLoss}
        onPointerLeave={handleLeave}
        onLostPointerCapture={handleLoss}
        onKeyDown={handleKey}
        onBlur={() => {
          if (pointer.current === null) lab.drawing.endStroke();
          setCursor(null);
        }}
      >
        <canvas ref={canvas} className={styles.canvas} width={side} height={side} />
        {isPadEmpty(pad) && (
          <p className={styles.invitation} aria-hidden="true">
            Draw a digit
          </p>
        )}
      </div>
      <p id={helpId} className={styles.help}>
        Arrow keys move the pen (with Shift, farther); space puts it down or up; 0 to 9 put a test
        digit on the pad. Mouse, pen or finger draw directly.
      </p>
      <p role="status" className={styles.hidden}>
        {cursor !== null && describeCursor(cursor, isPenDown)}
      </p>
    </div>
  );
}

/** Lets the stroke continue outside the pad. Browsers refuse it, for example, to a pointer that is up again. */
function capture(pad: Element, pointerId: number): void {
  try {
    pad.setPointerCapture(pointerId);
  } catch {
    // The stroke then ends at the edge of the pad.
  }
}

function hasCapture(pad: Element, pointerId: number): boolean {
  try {
    return pad.hasPointerCapture(pointerId);
  } catch {
    return false;
  }
}

/** Absent in Safari before 18.2 and on pages that are not secure. */
function coalescedOf(event: globalThis.PointerEvent): readonly globalThis.PointerEvent[] {
  const { getCoalescedEvents } = event as Partial<globalThis.PointerEvent>;
  const all = getCoalescedEvents?.call(event) ?? [];
  return all.length > 0 ? all : [event];
}

/** A pointer's position on the pad, 0 to 1 in x and y. */
function placeOf(
  pad: HTMLElement,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): Point {
  const { left, top, width, height } = pad.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

function describeCursor({ x, y }: Point, isPenDown: boolean): string {
  const place = `column ${Math.round(x * places)}, row ${Math.round(y * places)} of ${places}`;
  return `Pen ${isPenDown ? 'down' : 'up'}, ${place}.`;
}
