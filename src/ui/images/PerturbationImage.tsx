import { useMemo } from 'react';
import { PixelCanvas } from './PixelCanvas.tsx';
import { paintPerturbation } from './pixels.ts';

interface PerturbationImageProps {
  /** [784] gray levels, 0 to 1. */
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** The change that is shown in full color. */
  readonly scale: number;
  readonly label: string;
}

/** The perturbation of a digit: what an attack added and what it removed. */
export function PerturbationImage({ before, after, scale, label }: PerturbationImageProps) {
  const bytes = useMemo(() => paintPerturbation(before, after, scale), [before, after, scale]);
  return <PixelCanvas bytes={bytes} label={label} />;
}
