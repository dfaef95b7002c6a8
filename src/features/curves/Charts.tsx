import { useEffect, useState } from 'react';
import type { History } from '../../lab/history.ts';
import { methodUses, type TrainingMethod } from '../../shared/config.ts';
import { fullEvaluationSize, quickEvaluationSize } from '../../shared/metrics.ts';
import { formatCount, formatEpsilon } from '../../ui/format.ts';
import { methodLooks } from '../../ui/methods.ts';
import { findAxisEnd } from './chartData.ts';
import styles from './Curves.module.css';
import { ErrorChart } from './ErrorChart.tsx';
import { LossChart } from './LossChart.tsx';

export interface ChartsProps {
  readonly history: History;
  readonly method: TrainingMethod;
  readonly split: 'test' | 'validation';
  readonly isLogarithmic: boolean;
  /** Written over the empty axes; null once there is something to draw. */
  readonly emptyNote: string | null;
}

/** Which images the training loss is about: methods that perturb them do not report the clean loss. */
function describeLoss(method: TrainingMethod): string {
  const mean = 'Mean loss per image since the previous point';
  if (method === 'mixed') return `${mean}, clean and perturbed images weighted as in training.`;
  if (methodUses(method).epsilon) {
    return `${mean}, on the perturbed images that this method trains on, not on the clean ones.`;
  }
  return `${mean}, on training images.`;
}

/** Both charts with their keys and captions. */
export default function Charts(props: ChartsProps) {
  const { history, method, split, emptyNote } = props;
  // Empty axes stay linear: a logarithm of nothing has no sensible ticks.
  const isLogarithmic = props.isLogarithmic && emptyNote === null;
  const { evaluations, losses } = history;
  const isSecondDue = useNextTask();
  const { color } = methodLooks[method];
  const epsilons = new Set(evaluations.map(({ attack }) => attack.epsilon));
  const epsilon = epsilons.size === 1 ? `ε ${formatEpsilon([...epsilons][0]!)}` : 'ε as marked';
  const attackName = epsilons.size === 0 ? 'under FGSM' : `under FGSM, ${epsilon}`;
  // One axis for both charts; it grows in steps, so that a chart without news is not drawn again.
  const axisEnd = findAxisEnd(Math.max(evaluations.at(-1)?.epoch ?? 0, losses.at(-1)?.epoch ?? 0));
  return (
    <div className={styles.pair}>
      <figure className={styles.figure}>
        <h3 className={styles.chartTitle}>
          {split === 'test' ? 'Test error' : 'Validation error'}
        </h3>
        <ul className={styles.legend}>
          <LegendItem color={color} name="clean" />
          <LegendItem color={color} isAttacked name={attackName} />
        </ul>
        <div className={styles.place}>
          <ErrorChart
            evaluations={evaluations}
            color={color}
            axisEnd={axisEnd}
            isLogarithmic={isLogarithmic}
          />
          {emptyNote !== null && <p className={styles.emptyNote}>{emptyNote}</p>}
        </div>
        <figcaption className={styles.caption}>
          Small marks: the first {formatCount(quickEvaluationSize)} {split} images. Large marks: all{' '}
          {formatCount(fullEvaluationSize)}, at the ends of epochs (short epochs share one). A new
          attack ε counts from the next mark on. Attacked pixels are clipped to 0–1.
        </figcaption>
      </figure>
      <figure className={styles.figure}>
        <h3 className={styles.chartTitle}>Training loss</h3>
        <ul className={styles.legend}>
          <li>{methodLooks[method].name}</li>
        </ul>
        <div className={styles.place}>
          {isSecondDue && (
            <LossChart
              losses={losses}
              color={color}
              axisEnd={axisEnd}
              isLogarithmic={isLogarithmic}
            />
          )}
        </div>
        <figcaption className={styles.caption}>{describeLoss(method)}</figcaption>
      </figure>
    </div>
  );
}

/** False at first and true a moment later: what waits for it is drawn in a task of its own. */
function useNextTask(): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 100);
    return () => clearTimeout(timer);
  }, []);
  return isDue;
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
