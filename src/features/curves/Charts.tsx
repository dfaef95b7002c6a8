import type { History } from '../../lab/history.ts';
import type { TrainingMethod } from '../../shared/config.ts';
import { formatEpsilon } from '../../ui/format.ts';
import { methodLooks } from '../../ui/methods.ts';
import styles from './Curves.module.css';
import { ErrorChart } from './ErrorChart.tsx';
import { LossChart } from './LossChart.tsx';

export interface ChartsProps {
  readonly history: History;
  readonly method: TrainingMethod;
  readonly split: 'test' | 'validation';
  /** Whether the method computes its loss on perturbed images. */
  readonly isLossOfPerturbed: boolean;
  readonly isLogarithmic: boolean;
}

/** Both charts with their keys and captions. */
export default function Charts(props: ChartsProps) {
  const { history, method, split, isLossOfPerturbed, isLogarithmic } = props;
  const { color } = methodLooks[method];
  const epsilons = new Set(history.evaluations.map(({ attack }) => attack.epsilon));
  const epsilon = epsilons.size === 1 ? `ε ${formatEpsilon([...epsilons][0]!)}` : 'ε as marked';
  return (
    <div className={styles.pair}>
      <figure className={styles.figure}>
        <h3 className={styles.chartTitle}>
          {split === 'test' ? 'Test error' : 'Validation error'}
        </h3>
        <ul className={styles.legend}>
          <LegendItem color={color} name="clean" />
          <LegendItem color={color} isAttacked name={`under FGSM, ${epsilon}`} />
        </ul>
        <ErrorChart evaluations={history.evaluations} color={color} isLogarithmic={isLogarithmic} />
        <figcaption className={styles.caption}>
          Small marks: the first 1,000 {split} images. Large marks: all 10,000, at the ends of
          epochs. Attacked pixels are clipped to 0–1.
        </figcaption>
      </figure>
      <figure className={styles.figure}>
        <h3 className={styles.chartTitle}>Training loss</h3>
        <ul className={styles.legend}>
          <li>{methodLooks[method].name}</li>
        </ul>
        <LossChart losses={history.losses} color={color} isLogarithmic={isLogarithmic} />
        <figcaption className={styles.caption}>
          {isLossOfPerturbed
            ? 'Mean loss an image on the perturbed images that this method trains on, so it stays above the loss on clean ones.'
            : 'Mean loss an image over the steps since the point before.'}
        </figcaption>
      </figure>
    </div>
  );
}

interface LegendItemProps {
  readonly color: string;
  readonly name: string;
  readonly isAttacked?: boolean;
}

function LegendItem({ color, name, isAttacked = false }: LegendItemProps) {
  return (
    <li>
      <svg width="32" height="12" viewBox="0 0 32 12" aria-hidden="true">
        <line
          x1="0"
          x2="32"
          y1="6"
          y2="6"
          stroke={color}
          strokeWidth="2"
          strokeDasharray={isAttacked ? '6 4' : undefined}
        />
        {isAttacked ? (
          <polygon points="16,1 21,6 16,11 11,6" fill={color} />
        ) : (
          <circle cx="16" cy="6" r="4.5" fill={color} />
        )}
      </svg>
      {name}
    </li>
  );
}
