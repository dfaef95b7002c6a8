import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { EpsilonSlider } from '../../../ui/fields/EpsilonSlider.tsx';
import { grayLevels } from './headline.ts';
import styles from './Hero.module.css';

/** Chooses the ε of the page's attacks. */
export function AttackEpsilon() {
  const lab = useLabActions();
  const epsilon = useLab((state) => state.attackEpsilon);
  const isColor = useLab(({ customData }) => customData.loaded?.shape === 'color-32');
  const levels = isColor ? 'levels of red, green or blue' : 'gray levels';
  return (
    <div className={styles.epsilon}>
      <EpsilonSlider
        label="Nudge each pixel by up to ε"
        value={epsilon}
        onChange={(value) => lab.setAttackEpsilon(value)}
      />
      <p className={styles.note}>{`At most ${grayLevels(epsilon)} of a pixel’s 255 ${levels}.`}</p>
    </div>
  );
}
