import { formatEpsilon } from '../format.ts';
import { RangeSlider } from './RangeSlider.tsx';

/** As far as the page's charts go. */
const largest = 0.5;

interface EpsilonSliderProps {
  readonly label: string;
  /** ε, on the [0, 1] scale of a pixel. A larger one than the slider's end moves the end. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Chooses the largest change of a pixel. */
export function EpsilonSlider({ label, value, onChange }: EpsilonSliderProps) {
  return (
    <RangeSlider
      label={label}
      value={value}
      min={0}
      max={Math.max(largest, value)}
      step={0.01}
      format={formatEpsilon}
      onChange={onChange}
    />
  );
}
