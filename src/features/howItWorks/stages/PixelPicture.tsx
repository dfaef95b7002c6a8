import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { imageSide } from '../../../ui/images/pixels.ts';
import styles from './Stages.module.css';
import type { Term } from './stages.ts';

interface PixelPictureProps {
  readonly name: string;
  readonly term: Term;
  /** The marked pixel, 0 to 783. */
  readonly pixel: number;
  /** The value at the marked pixel, for screen readers. */
  readonly reading: string;
  readonly onPoint: (pixel: number) => void;
  readonly children: ReactNode;
}

const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A picture of 28 × 28 pixels, one of which the user marks with the pointer or the arrow keys. */
export function PixelPicture(props: PixelPictureProps) {
  const { name, term, pixel, reading, onPoint, children } = props;
  const row = Math.floor(pixel / imageSide);
  const column = pixel % imageSide;

  function point(event: PointerEvent<HTMLElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (offset: number, size: number): number =>
      Math.min(imageSide - 1, Math.max(0, Math.floor((imageSide * offset) / size)));
    const next =
      imageSide * place(event.clientY - box.top, box.height) +
      place(event.clientX - box.left, box.width);
    if (next !== pixel) onPoint(next);
  }

  function move(event: KeyboardEvent): void {
    const arrow = arrows[event.key];
    if (arrow === undefined) return;
    event.preventDefault();
    const clamp = (value: number): number => Math.min(imageSide - 1, Math.max(0, value));
    onPoint(imageSide * clamp(row + arrow[1]) + clamp(column + arrow[0]));
  }

  return (
    <div
      className={styles.picture}
      data-term={term}
      role="slider"
      tabIndex={0}
      aria-label={`${name}: the marked pixel`}
      aria-valuemin={0}
      aria-valuemax={imageSide * imageSide - 1}
      aria-valuenow={pixel}
      aria-valuetext={`Row ${row + 1}, column ${column + 1}: ${reading}`}
      onPointerMove={point}
      onPointerDown={point}
      onKeyDown={move}
    >
      {children}
      <span
        className={styles.pixel}
        style={{ left: `${(100 * column) / imageSide}%`, top: `${(100 * row) / imageSide}%` }}
        aria-hidden="true"
      />
    </div>
  );
}
