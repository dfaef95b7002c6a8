import { penThickness } from '../../../experiment/drawing/pad.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { RangeSlider } from '../../../ui/fields/RangeSlider.tsx';
import { MoreAttacks } from './MoreAttacks.tsx';
import { NetworkInput } from './NetworkInput.tsx';

/** The pen, what the networks get from the pad, and all other attacks. */
export function MoreWays() {
  return (
    <>
      <div>
        <PenSlider />
        <NetworkInput />
      </div>
      <MoreAttacks />
    </>
  );
}

function PenSlider() {
  const lab = useLabActions();
  const thickness = useLab(({ drawing }) => drawing.thickness);
  return (
    <RangeSlider
      label="Pen"
      value={thickness}
      min={penThickness.min}
      max={penThickness.max}
      step={penThickness.step}
      format={(value) => `${Math.round(100 * value)} %`}
      onChange={(value) => lab.drawing.setThickness(value)}
    />
  );
}
