import type { ReactNode } from 'react';
import { type PredictionSize, predictionSizes } from '../../../experiment/inside/insideState.ts';
import { useInside } from '../../../experiment/inside/useInside.ts';
import { attackKinds, attackNames } from '../../../experiment/runs/measurements.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { wholeCountOf } from '../../../experiment/runs/wholeCount.ts';
import { type Choice, ChoiceGroup } from '../../../ui/fields/ChoiceGroup.tsx';
import { EpsilonSlider } from '../../../ui/fields/EpsilonSlider.tsx';
import { formatCount } from '../../../ui/format.ts';
import styles from './Predictions.module.css';

/** Chooses attack and images; further controls of the view follow. */
export function PredictionControls({ children }: { readonly children?: ReactNode }) {
  const lab = useLabActions();
  const { inside } = lab;
  const epsilon = useLab((state) => state.attackEpsilon);
  const { attackKind, predictionSize } = useInside((state) => state.choices);
  const all = useLab(wholeCountOf);
  const isSmall = all <= predictionSizes.quick;
  const sizes: Choice<PredictionSize>[] = [{ value: 'full', label: `All ${formatCount(all)}` }];
  if (!isSmall) sizes.unshift({ value: 'quick', label: 'First 1,000' });
  const { progress, question } = useInside((state) => state.attackPredictions);
  return (
    <div className={styles.controls}>
      <ChoiceGroup
        label="Attack"
        role="radiogroup"
        layout="row"
        choices={attackKinds.map((value) => ({ value, label: attackNames[value] }))}
        value={attackKind}
        onChange={(value) => inside.choose({ attackKind: value })}
      />
      <div className={styles.epsilon}>
        <EpsilonSlider
          label="ε"
          value={epsilon}
          onChange={(value) => lab.setAttackEpsilon(value)}
        />
      </div>
      <ChoiceGroup
        label="Images"
        role="radiogroup"
        layout="row"
        choices={sizes}
        value={isSmall ? 'full' : predictionSize}
        onChange={(value) => inside.choose({ predictionSize: value })}
      />
      {children}
      {/* Only while the user waits: it would flicker while the predictions update during training. */}
      {progress !== null && (question === null || predictionSize === 'full') && (
        <span role="status" className={styles.waiting}>
          Counting: {progress.done} of {progress.total} networks done…
        </span>
      )}
    </div>
  );
}
