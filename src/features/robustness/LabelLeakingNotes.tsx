import { useLabelLeaking } from '../../experiment/useLabelLeaking.ts';
import { keepTogether } from '../../ui/format.ts';
import styles from './Robustness.module.css';

/** Names label leaking where its numbers stand. */
export function LabelLeakingNotes() {
  return useLabelLeaking().map((sentence) => (
    <p key={sentence} className={styles.note} data-testid="label-leaking">
      {keepTogether(sentence)}
    </p>
  ));
}
