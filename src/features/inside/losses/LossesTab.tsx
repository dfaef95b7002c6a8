import { Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import { findSelectedDigit } from '../../../experiment/selectedDigit.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { pointAt } from '../../../domain/analysis/inspection.ts';
import { findAxisEnd, findVerticalAxis, type VerticalAxis } from '../../../ui/charts/axes.ts';
import chartStyles from '../../../ui/charts/Chart.module.css';
import { createCursor } from '../../../ui/charts/cursor.ts';
import { LineFigure } from '../../../ui/charts/LineFigure.tsx';
import { NumberTable } from '../../../ui/charts/NumberTable.tsx';
import { RunLegend, toggled } from '../../../ui/charts/RunLegend.tsx';
import type { ChartSeries } from '../../../ui/charts/series/series.ts';
import { EpsilonSlider } from '../../../ui/fields/EpsilonSlider.tsx';
import { formatEpsilon, formatNumber, formatSigned } from '../../../ui/format.ts';
import { styleOf } from '../../../ui/runStyles.ts';
import styles from '../Inside.module.css';
import { type Direction, isFiniteAround, makeLossSeries } from './lossSeries.ts';
import { LossSurfaces } from './LossSurfaces.tsx';
import { DigitChoice } from '../DigitChoice.tsx';
import { type Shown, useShown } from '../../../experiment/inside/useShown.ts';

const directions: readonly { direction: Direction; title: string; caption: string }[] = [
  {
    direction: 'adversarial',
    title: 'Along the sign of the gradient',
    caption: 'clip(x + t · sign(∂J/∂x)), each with its own gradient.',
  },
  {
    direction: 'random',
    title: 'Along random signs',
    caption: 'clip(x + t · r), with the same random signs r for all.',
  },
];

const smallest = 1e-4;

/** How the loss changes around one digit. */
export function LossesTab() {
  const lab = useLabActions();
  const attackEpsilon = useLab((state) => state.attackEpsilon);
  const { question, shown } = useShown('losses');
  const [isLogarithmic, setIsLogarithmic] = useState(false);
  const [isTable, setIsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>());
  const [cursor] = useState(createCursor);
  const epsilon = question?.epsilon ?? 0;
  const series = useMemo(() => {
    const visible = shown.filter((one) => !hidden.has(one.network.id) && isFiniteAround(one));
    return directions.map(({ direction }) =>
      visible.map((one) => makeLossSeries(one, direction, epsilon)),
    );
  }, [shown, hidden, epsilon]);
  const axis = useMemo(() => findAxis(series.flat(), isLogarithmic), [series, isLogarithmic]);
  const hasDigit = useLab((state) => findSelectedDigit(state) !== null);
  return (
    <>
      <DigitChoice />
      <div className={`${styles.controls} ${styles.level}`}>
        <div className={styles.epsilon}>
          <EpsilonSlider
            label="ε"
            value={attackEpsilon}
            onChange={(value) => lab.setAttackEpsilon(value)}
          />
        </div>
        <Checkbox
          label="Log scale"
          checked={isLogarithmic}
          onChange={(event) => setIsLogarithmic(event.currentTarget.checked)}
        />
        <Checkbox
          label="Table"
          checked={isTable}
          onChange={(event) => setIsTable(event.currentTarget.checked)}
        />
      </div>
      {question === null || shown.length === 0 ? (
        hasDigit && <p className={styles.note}>Computing the losses around the image…</p>
      ) : epsilon === 0 ? (
        <p className={styles.note} data-testid="no-losses-around">
          ε is 0, so there is nothing to show. Raise ε.
        </p>
      ) : (
        <>
          {isTable ? (
            <LossTable shown={shown} epsilon={epsilon} />
          ) : (
            <div className={chartStyles.frame}>
              <RunLegend
                items={shown.map(({ network }) => ({
                  ...network,
                  runStyle: styleOf(network),
                  isReference: false,
                }))}
                hidden={hidden}
                onToggle={(id) => setHidden(toggled(hidden, id))}
              />
              <div className={chartStyles.figures}>
                {directions.map(({ title, caption }, index) => (
                  <LineFigure
                    key={title}
                    title={title}
                    series={series[index]!}
                    marks={[]}
                    xStart={-epsilon}
                    xEnd={epsilon}
                    xLabel="t"
                    sayX={(t) => `t ${formatSigned(Number(t.toPrecision(2)))}`}
                    axis={axis}
                    unit="number"
                    cursor={cursor}
                    caption={`Loss J of a ${question.label} at ${caption}`}
                    emptyNote={
                      series[index]!.length === 0
                        ? 'No network is shown, or none has finite losses.'
                        : null
                    }
                  />
                ))}
              </div>
            </div>
          )}
          <LossSurfaces shown={shown} question={question} />
        </>
      )}
    </>
  );
}

/** One axis for both directions, so that they can be compared. */
function findAxis(all: readonly ChartSeries[], isLogarithmic: boolean): VerticalAxis {
  if (isLogarithmic) return findVerticalAxis(all, { isLogarithmic, smallest });
  const largest = Math.max(0, ...all.flatMap(({ ys }) => [...ys]));
  return { isLogarithmic, floor: 0, top: findAxisEnd(largest), isCut: false };
}

interface LossTableProps {
  readonly shown: readonly Shown<'losses'>[];
  readonly epsilon: number;
}

function LossTable({ shown, epsilon }: LossTableProps) {
  const points = shown[0]!.answer.adversarial.length;
  return (
    <NumberTable
      caption={`Losses from −ε to ε, ε ${formatEpsilon(epsilon)}`}
      columns={[
        { name: 't', parts: [] },
        ...shown.map(({ network: { name } }) => ({ name, parts: ['gradient', 'random'] })),
      ]}
      rows={Array.from({ length: points }, (_, point) => ({
        key: String(point),
        cells: [
          formatSigned(Number(pointAt(point, points, epsilon).toFixed(4))),
          ...shown
            .flatMap(({ answer }) => [answer.adversarial[point]!, answer.random[point]!])
            .map(formatNumber),
        ],
      }))}
    />
  );
}
