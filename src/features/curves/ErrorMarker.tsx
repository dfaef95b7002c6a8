import type { ErrorRow } from './chartData.ts';
import { isFullEvaluation } from '../../lab/history.ts';

interface ErrorMarkerProps {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly stroke?: string | undefined;
  readonly payload?: unknown;
  readonly kind: 'clean' | 'adversarial';
}

/** Discs for clean images, diamonds for attacked ones; large and filled where all images were seen. */
export function ErrorMarker({ cx, cy, stroke, payload, kind }: ErrorMarkerProps) {
  const evaluation = (payload as ErrorRow | undefined)?.evaluation;
  if (!evaluation || typeof cx !== 'number' || typeof cy !== 'number') return null;
  const isFull = isFullEvaluation(evaluation);
  const fill = isFull ? stroke : 'var(--page)';
  const paint = { stroke, fill, strokeWidth: 1.5 };
  if (kind === 'clean') return <circle cx={cx} cy={cy} r={isFull ? 4.5 : 2.5} {...paint} />;
  const size = isFull ? 6 : 3.5;
  const points = [
    [cx, cy - size],
    [cx + size, cy],
    [cx, cy + size],
    [cx - size, cy],
  ];
  return <polygon points={points.map((point) => point.join(',')).join(' ')} {...paint} />;
}
