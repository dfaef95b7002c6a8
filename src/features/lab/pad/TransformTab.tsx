import {
  isTransformed,
  noTransform,
  type Transform,
  transformLimits,
} from '../../../digits/transform.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { RangeSlider } from '../../../ui/fields/RangeSlider.tsx';
import styles from './Attack.module.css';
import { SteadyButton } from '../../../ui/fields/SteadyButton.tsx';

const sliders: readonly {
  readonly key: keyof Transform;
  readonly label: string;
  readonly format: (value: number) => string;
}[] = [
  { key: 'shiftX', label: 'Shift right', format: (value) => `${value} px` },
  { key: 'shiftY', label: 'Shift down', format: (value) => `${value} px` },
  { key: 'rotation', label: 'Rotate', format: (value) => `${value}°` },
  { key: 'thickness', label: 'Thickness', format: (value) => `${value} px` },
  { key: 'noise', label: 'Noise', format: (value) => `± ${value.toFixed(2)}` },
];

/** Changes that were not computed against any network, applied after the drawing was normalized. */
export function TransformTab() {
  const lab = useLabActions();
  const transform = useLab(({ drawing }) => drawing.transform);
  return (
    <>
      <p className={styles.note}>
        Changes to the 28 × 28 pixels that are not aimed at any network. The predictions above
        update: does the network that withstands attacks withstand these, too?
      </p>
      <div className={styles.sliders}>
        {sliders.map(({ key, label, format }) => (
          <RangeSlider
            key={key}
            label={label}
            value={transform[key]}
            {...transformLimits[key]}
            format={format}
            onChange={(value) => lab.drawing.setTransform({ [key]: value })}
          />
        ))}
      </div>
      <SteadyButton
        size="sm"
        isAvailable={isTransformed(transform)}
        onPress={() => lab.drawing.setTransform(noTransform)}
      >
        Undo all
      </SteadyButton>
    </>
  );
}
