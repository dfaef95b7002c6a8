import { shownNetworks } from '../../../experiment/runs/answering.ts';
import { isBeforeFirstUpdate } from '../../../experiment/runs/run.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { keepTogether } from '../../../ui/format.ts';
import styles from './Examples.module.css';
import { describePretrained, replaced, untrained } from './pretrainedText.ts';

type Origin = 'pretrained' | 'untrained' | 'unavailable' | null;

/** Says where the predictions come from before anything was trained here, and what has replaced them. */
export function PretrainedNote() {
  const origin = useLab(findOrigin);
  const text = useLab((state) => describe(origin, state));
  if (text === null) return null;
  return (
    <p className={styles.note} data-testid="answers-origin" data-origin={origin}>
      {keepTogether(text)}
    </p>
  );
}

function findOrigin(state: LabState): Origin {
  const { runs, pretrained, pretrainedError, examples } = state;
  if (pretrained.length === 0) {
    return pretrainedError === null || runs.length > 0 ? null : 'unavailable';
  }
  const isOfRun = runs.some(({ id }) => id in examples.results);
  if (isOfRun) return isBeforeFirstUpdate(runs) ? 'untrained' : null;
  return shownNetworks(state).some(({ id }) => id in examples.results) ? 'pretrained' : null;
}

function describe(origin: Origin, { runs, pretrained, pretrainedError }: LabState): string | null {
  if (origin === 'untrained') return untrained;
  if (origin === 'pretrained') return runs.length > 0 ? replaced : describePretrained(pretrained);
  if (origin === null || pretrainedError === null) return null;
  return `The pretrained networks could not be loaded: ${pretrainedError.message} ${pretrainedError.remedy}`;
}
