import { useMemo } from 'react';
import { PixelCanvas } from './PixelCanvas.tsx';
import { paintPerturbation } from './pixels.ts';

interface PerturbationImageProps {
  /** [784] grey levels, 0 to 1. */
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** The change that has full colour. */
  readonly scale: number;
  readonly label: string;
}

/** What an attack added to a digit and what it took away. */
export function PerturbationImage({ before, after, scale, label }: PerturbationImageProps) {
  const bytes = useMemo(() => paintPerturbation(before, after, scale), [before, after, scale]);
  return <PixelCanvas bytes={bytes} label={label} />;
}
