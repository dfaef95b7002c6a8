import type { ReactNode } from 'react';
import { type PredictionSize, predictionSizes } from '../../experiment/inside/insideState.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { type AttackKind, attackNames } from '../../experiment/runs/measurements.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { wholeCountOf } from '../../experiment/runs/wholeCount.ts';
import { ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import { EpsilonSlider } from '../../ui/fields/EpsilonSlider.tsx';
import { formatCount } from '../../ui/format.ts';
import styles from './Inside.module.css';

const kinds: readonly AttackKind[] = ['fgsm', 'pgd', 'random-signs'];

function listSizes(all: number): readonly { value: PredictionSize; label: string }[] {
  if (all <= predictionSizes.quick) return [{ value: 'full', label: `All ${formatCount(all)}` }];
  return [
    { value: 'quick', label: 'First 1,000' },
    { value: 'full', label: `All ${formatCount(all)}` },
  ];
}

interface PredictionControlsProps {
  /** Further controls of the view. */
  readonly children?: ReactNode;
}

/** Chooses the attack and says how many images there are. */
export function PredictionControls({ children }: PredictionControlsProps) {
  const { inside } = useLabActions();
  const { attackKind, predictionSize } = useInside((state) => state.choices);
  const all = useLab(wholeCountOf);
  const progress = useInside((state) => state.attackPredictions.progress);
  const hasAnswers = useInside((state) => state.attackPredictions.question !== null);
  return (
    <div className={styles.controls}>
      <ChoiceGroup
        label="Attack"
        role="radiogroup"
        layout="row"
        choices={kinds.map((value) => ({ value, label: attackNames[value] }))}
        value={attackKind}
        onChange={(value) => inside.choose({ attackKind: value })}
      />
      <AttackEpsilon />
      <ChoiceGroup
        label="Images"
        role="radiogroup"
        layout="row"
        choices={listSizes(all)}
        value={all <= predictionSizes.quick ? 'full' : predictionSize}
        onChange={(value) => inside.choose({ predictionSize: value })}
      />
      {children}
      {/* Only while the user waits: it would flicker while the predictions update during training. */}
      {progress !== null && (!hasAnswers || predictionSize === 'full') && (
        <span role="status" className={styles.waiting}>
          Counting: {progress.done} of {progress.total} networks done…
        </span>
      )}
    </div>
  );
}

/** The attack ε, which is the same on the whole page. */
export function AttackEpsilon() {
  const lab = useLabActions();
  const epsilon = useLab((state) => state.attackEpsilon);
  return (
    <div className={styles.epsilon}>
      <EpsilonSlider label="ε" value={epsilon} onChange={(value) => lab.setAttackEpsilon(value)} />
    </div>
  );
}
