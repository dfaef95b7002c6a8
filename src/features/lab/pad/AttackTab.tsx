import { NativeSelect } from '@mantine/core';
import {
  type AttackKind,
  attackKinds,
  attackNames,
} from '../../../experiment/runs/measurements.ts';
import { classesOf, nameAnswer } from '../../../domain/dataSet.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { ChoiceGroup } from '../../../ui/fields/ChoiceGroup.tsx';
import { formatEpsilon } from '../../../ui/format.ts';
import { findPerturbationGain } from '../../../ui/images/pixels.ts';
import styles from './Attack.module.css';
import { describeAttack } from './describePredictions.ts';
import { DrawingTransfer } from './DrawingTransfer.tsx';
import { useDrawnData, useNetworks } from './useNetworks.ts';

/** Attacks the drawing on every network. */
export function AttackTab() {
  const lab = useLabActions();
  const kind = useLab(({ drawing }) => drawing.attack.kind);
  return (
    <>
      <div className={styles.controls}>
        <ChoiceGroup
          label="Attack"
          role="radiogroup"
          layout="row"
          choices={[...attackKinds]
            .sort((a, b) => order.indexOf(a) - order.indexOf(b))
            .map((value) => ({ value, label: attackNames[value] }))}
          value={kind}
          onChange={(value) => lab.drawing.setAttack({ kind: value })}
        />
        <TargetSelect isDisabled={kind === 'random-signs'} />
      </div>
      <AttackResult />
    </>
  );
}

const order: readonly AttackKind[] = ['fgsm', 'margin-pgd', 'pgd', 'random-signs'];

/** Chooses an untargeted attack or the target class. */
export function TargetSelect({ isDisabled = false }: { readonly isDisabled?: boolean }) {
  const lab = useLabActions();
  const target = useLab(({ drawing }) => drawing.attack.target);
  const dataSet = useDrawnData();
  return (
    <NativeSelect
      label="Target"
      disabled={isDisabled}
      value={isDisabled || target === null ? '' : String(target)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        lab.drawing.setAttack({ target: value === '' ? null : Number(value) });
      }}
      data={[
        {
          value: '',
          label: `Any other ${dataSet === null ? 'digit' : 'class'} (untargeted)`,
        },
        ...classesOf(dataSet).map((digit) => ({
          value: String(digit),
          label: nameAnswer(dataSet, digit),
        })),
      ]}
    />
  );
}

function AttackResult() {
  const dataSet = useDrawnData();
  const networks = useNetworks();
  const attacked = useLab(({ drawing }) => drawing.attacked);
  const hasInput = useLab(({ drawing }) => drawing.input !== null);
  const shown = networks.flatMap((network) => {
    const result = attacked?.results[network.id];
    return result ? [{ ...network, ...result }] : [];
  });
  // Results for networks that no longer exist are not shown.
  if (attacked === null || shown.length === 0) {
    return (
      <p className={styles.note}>
        {hasInput && networks.length > 0
          ? 'Attacking…'
          : 'Draw a digit first. The attack then changes each pixel by at most ε, separately for each network.'}
      </p>
    );
  }
  const { attack } = attacked;
  const target = 'target' in attack ? (attack.target ?? null) : null;
  const range = formatEpsilon(attack.epsilon);
  return (
    <>
      <p
        role="status"
        className={styles.verdict}
        data-testid="attack-outcome"
        data-attack={attack.kind}
        data-epsilon={attack.epsilon}
        data-target={target ?? undefined}
      >
        {`${attackNames[attack.kind]}, ε ${range}. ${describeAttack(shown, target, dataSet)}`}
      </p>
      {attack.epsilon > 0 && (
        <p className={styles.caption}>
          Perturbations at {findPerturbationGain(attack.epsilon).toFixed(1)}× contrast: orange
          brightens by up to {range}, blue darkens by up to {range}, gray is unchanged. Pixels are
          clipped to 0–1.
        </p>
      )}
      <DrawingTransfer attacked={attacked} networks={shown} />
    </>
  );
}
