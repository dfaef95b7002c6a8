import type { AttackKind } from '../../../experiment/runs/measurements.ts';
import { pgdSteps } from '../../../experiment/runs/measurements.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { EpsilonSlider } from '../../../ui/fields/EpsilonSlider.tsx';
import { formatEpsilon } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import { grayLevels } from './headline.ts';
import styles from './Hero.module.css';
import { findShownEpsilon } from './useCards.ts';

/** Chooses the ε of the page's attacks, and names the attack on the pad's digit. */
export function AttackEpsilon() {
  const lab = useLabActions();
  const epsilon = useLab((state) => state.attackEpsilon);
  const shown = useLab(findShownEpsilon);
  const isColor = useLab(({ customData }) => customData.loaded?.shape === 'color-32');
  const levels = isColor ? 'levels of red, green or blue' : 'gray levels';
  return (
    <div className={styles.epsilon}>
      <EpsilonSlider
        label="Nudge each pixel by up to ε"
        value={epsilon}
        onChange={(value) => lab.setAttackEpsilon(value)}
      />
      <div className={styles.attack}>
        {!isColor && <AttackName />}
        {shown !== null && shown !== epsilon && (
          <span data-testid="shown-epsilon">{`Shown: ε = ${formatEpsilon(shown)}, until the networks are loaded.`}</span>
        )}
        <span>{`At most ${grayLevels(epsilon)} of 255 ${levels}.`}</span>
      </div>
    </div>
  );
}

const names: Readonly<Record<AttackKind, string>> = {
  'margin-pgd': `PGD, ${pgdSteps} gradients`,
  pgd: `PGD on the training loss, ${pgdSteps} gradients`,
  fgsm: 'FGSM, one gradient',
  'random-signs': 'random signs, no gradient',
};

function AttackName() {
  const { kind, target } = useLab(({ drawing }) => drawing.attack);
  const towards = target === null || kind === 'random-signs' ? '' : `, toward ${target}`;
  return (
    <span data-testid="attack-name" data-attack={kind}>
      {`Attack: ${names[kind]}${towards} `}
      <Info label="About the attack">
        Each network is attacked with its own gradients with respect to the pixels. PGD (projected
        gradient descent) takes {pgdSteps} steps that make the wrong digits more likely than the
        right one, and keeps every pixel within ε. FGSM takes one step, and so does ABP in training;
        errors measured during training are under FGSM. Choose another attack under More ways to
        attack.
      </Info>
    </span>
  );
}
