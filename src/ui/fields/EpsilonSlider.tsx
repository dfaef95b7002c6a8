import { formatEpsilon } from '../format.ts';
import { RangeSlider } from './RangeSlider.tsx';

/** The largest ε of the page's charts. */
const largest = 0.5;

interface EpsilonSliderProps {
  readonly label: string;
  /** ε on the [0, 1] scale of a pixel. A value beyond the slider's end extends the slider. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Chooses ε, the largest change of a pixel. */
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
