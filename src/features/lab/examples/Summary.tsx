import { shownNetworks } from '../../../experiment/runs/answering.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { formatEpsilon, keepTogether } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import type { ShownRun } from './ExampleDigit.tsx';
import styles from './Examples.module.css';
import { countRight } from './predictions.ts';
import { useImageWord } from '../../../experiment/useImageWord.ts';

interface SummaryProps {
  /** Those with results; none before the first. */
  readonly runs: readonly ShownRun[];
  readonly total: number;
  /** Number of images that pass the filters. */
  readonly found: number;
  readonly epsilon: number;
}

/** How many of the loaded images each network predicts correctly under attack. */
export function Summary({ runs, total, found, epsilon }: SummaryProps) {
  const { error } = useLab((state) => state.examples);
  const isLost = useLab(isNetworkLost);
  const isTrained = useLab((state) => state.runs.some(({ id }) => id in state.examples.results));
  const word = useImageWord();
  if (error !== null) return <p className={styles.failure}>{`${error.message} ${error.remedy}`}</p>;
  if (runs.length === 0) {
    return (
      <p className={styles.note}>
        Each network’s predictions appear once it has taken its first step.
      </p>
    );
  }
  const answered = runs.flatMap(({ result, ...run }) =>
    result === null ? [] : [{ ...run, right: countRight(result) }],
  );
  return (
    <div
      className={styles.summary}
      data-testid="examples-summary"
      data-source={isTrained ? 'trained' : 'pretrained'}
      data-image-count={total}
      data-attack-epsilon={epsilon}
      data-right={answered.map(({ right }) => `${right.clean}/${right.adversarial}`).join()}
    >
      <div className={styles.caption}>
        {keepTogether(`Correct under FGSM at ε ${formatEpsilon(epsilon)}, of ${total} ${word}s`)}
        {found < total && ` (${found} shown)`}
        <Info label="About the examples">
          <p>
            Each network is attacked along its own gradient. Press a {word} for its details. A
            number in red is a wrong prediction.
          </p>
          <p>
            Without an attack:{' '}
            {answered.map(({ name, right }) => `${name} ${right.clean}`).join(', ')}.
          </p>
        </Info>
      </div>
      <ul className={styles.tallies}>
        {answered.map(({ id, name, runStyle, right }) => (
          <li key={id}>
            <RunSwatch runStyle={runStyle} />
            {name} <strong>{right.adversarial}</strong>
          </li>
        ))}
      </ul>
      {isLost && (
        <p className={styles.caption}>
          These are the last predictions: the networks were lost when the engine stopped.
        </p>
      )}
    </div>
  );
}

function isNetworkLost(state: LabState): boolean {
  const starting = state.runs.filter(({ status }) => status === 'starting').map(({ id }) => id);
  return shownNetworks(state).some(({ id, hasNetwork }) => !hasNetwork && !starting.includes(id));
}
