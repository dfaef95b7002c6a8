import { useMemo } from 'react';
import { PixelCanvas } from './PixelCanvas.tsx';
import { paintDigit } from './pixels.ts';

interface DigitImageProps {
  /** [784] gray levels, 0 to 1. */
  readonly pixels: Float32Array;
  readonly label: string;
}

/** A digit, drawn from the network's input. */
export function DigitImage({ pixels, label }: DigitImageProps) {
  const bytes = useMemo(() => paintDigit(pixels), [pixels]);
  return <PixelCanvas bytes={bytes} label={label} />;
}
