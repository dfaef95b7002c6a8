/** A label that belongs to a position on a chart's upper edge. */
export interface WantedLabel {
  /** Pixels from the left edge. */
  readonly at: number;
  readonly width: number;
  /** The part of the label that is there. */
  readonly anchor: 'middle' | 'start';
}

export interface PlacedLabel {
  /** Pixels from the left edge to its start. */
  readonly left: number;
  /** 0 is the lowest row, next to the chart. */
  readonly row: number;
}

const gap = 8;

/** Arranges labels in rows, so that they do not overlap and stay within `room` pixels; the lowest row fills first. */
export function placeLabels(labels: readonly WantedLabel[], room: number): PlacedLabel[] {
  const rows: { left: number; right: number }[][] = [];
  return labels.map(({ at, width, anchor }) => {
    const wanted = anchor === 'middle' ? at - width / 2 : at;
    const left = Math.max(0, Math.min(room - width, wanted));
    const right = left + width;
    const isFree = (row: { left: number; right: number }[]) =>
      row.every((other) => right + gap <= other.left || left >= other.right + gap);
    let row = rows.findIndex(isFree);
    if (row === -1) row = rows.push([]) - 1;
    rows[row]!.push({ left, right });
    return { left, row };
  });
}

/** Approximate width of a text in the chart's small font, in pixels; rather too wide than too narrow. */
export function estimateWidth(text: string): number {
  return Math.ceil(text.length * 7);
}
