import { memo } from 'react';
import { answeringNetworks } from '../../../experiment/runs/answering.ts';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useLabList } from '../../../experiment/useLabList.ts';
import {
  type DirectionMeasures,
  pgdSteps,
  randomPatterns,
} from '../../../domain/analysis/directionMeasures.ts';
import { RunName } from '../../../ui/charts/RunSwatch.tsx';
import { formatEpsilon, formatErrorRate, formatNumber } from '../../../ui/format.ts';
import { styleOf } from '../../../ui/runStyles.ts';

import { Value } from '../Value.tsx';
import styles from './Why.module.css';
import { predictRises } from './whyNumbers.ts';

const rows: readonly {
  readonly title: string;
  readonly value: (measures: DirectionMeasures) => number;
  readonly format?: (value: number) => string;
}[] = [
  { title: '‖∂J/∂x‖₁', value: (m) => m.gradientSum },
  { title: '‖∂J/∂x‖₂', value: (m) => m.gradientLength },
  {
    title: 'Predicted rise along the sign, ε · ‖∂J/∂x‖₁',
    value: (m) => predictRises(m).adversarial,
  },
  { title: 'Loss on x', value: (m) => m.losses.clean },
  { title: 'Loss with random signs', value: (m) => m.losses.random },
  { title: 'Loss on x̃ (FGSM)', value: (m) => m.losses.fgsm },
  { title: 'Loss under PGD', value: (m) => m.losses.pgd },
  { title: 'Error on x', value: (m) => m.errorRates.clean, format: formatErrorRate },
  { title: 'Error with random signs', value: (m) => m.errorRates.random, format: formatErrorRate },
  { title: 'Error on x̃ (FGSM)', value: (m) => m.errorRates.fgsm, format: formatErrorRate },
  { title: 'Error under PGD', value: (m) => m.errorRates.pgd, format: formatErrorRate },
  { title: 'Error on x̃ with 3 ε', value: (m) => m.errorRates.fgsmTriple, format: formatErrorRate },
];

interface WhyTableProps {
  /** Keyed by network; all for the same ε and digits. */
  readonly measures: Readonly<Record<string, DirectionMeasures>>;
}

/** The numbers behind the claims, for every network. */
export const WhyTable = memo(function WhyTable({ measures }: WhyTableProps) {
  const word = useImageWord();
  const networks = useLabList((state) =>
    answeringNetworks(state).map(({ id, name, paletteIndex }) => ({ id, name, paletteIndex })),
  );
  const shown = networks.filter(({ id }) => id in measures);
  const first = shown[0] && measures[shown[0].id];
  if (!first) {
    return <p className={styles.waiting}>Measuring the networks…</p>;
  }
  return (
    <>
      <p className={styles.source} data-testid="measured-at" data-epsilon={first.epsilon}>
        Means over {first.count} test {word}s, ε {formatEpsilon(first.epsilon)}, nothing clipped, as
        in the training step. Random signs: {randomPatterns} patterns per {word}.{' '}
        {`PGD: ${pgdSteps} steps.`}
      </p>
      <div
        className={styles.frame}
        role="region"
        aria-label="Numbers of every network"
        tabIndex={0}
      >
        <table className={styles.table} aria-label="Slope, loss and error of every network">
          <thead>
            <tr>
              <td />
              {shown.map((network) => (
                <th key={network.id} scope="col">
                  <RunName runStyle={styleOf(network)} name={network.name} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ title, value, format = formatNumber }, index) => (
              <tr key={index}>
                <th scope="row">{title}</th>
                {shown.map(({ id }) => (
                  <td key={id}>
                    <Value
                      value={value(measures[id]!)}
                      format={format}
                      name={`${title} of ${id}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
});
