import { shownNetworks } from '../../lab/answering.ts';
import { isBeforeFirstUpdate } from '../../lab/run.ts';
import type { LabState } from '../../lab/state.ts';
import { useLab } from '../../lab/useLab.ts';
import { keepTogether } from '../../ui/format.ts';
import styles from './Examples.module.css';
import { describePretrained, untrained } from './pretrainedText.ts';

/** Where the answers come from as long as nothing was trained here, and what has taken their place. */
export function PretrainedNote() {
  const text = useLab(describe);
  return text === null ? null : <p className={styles.note}>{keepTogether(text)}</p>;
}

function describe(state: LabState): string | null {
  const { runs, pretrained, pretrainedError, examples } = state;
  if (pretrained.length > 0) {
    if (isBeforeFirstUpdate(runs) && runs.some(({ id }) => id in examples.results))
      return untrained;
    const isShown = shownNetworks(state).some(({ id }) => id in examples.results);
    return isShown && runs.every(({ id }) => !(id in examples.results))
      ? describePretrained(pretrained)
      : null;
  }
  if (pretrainedError === null || runs.length > 0) return null;
  return `The pretrained networks cannot answer: ${pretrainedError.message} ${pretrainedError.remedy}`;
}
