import { lazy, Suspense, useMemo } from 'react';
import { borderOf } from '../../../experiment/inside/histogram.ts';
import { useInspectedNetworks } from '../../../experiment/inside/useShown.ts';
import { searchedDigits } from '../../../experiment/queries/smallestChanges.ts';
import { largestSearched, epsilonGrid } from '../../../experiment/queries/smallestEpsilon.ts';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { findAxisEnd } from '../../../ui/charts/axes.ts';
import { NumberTable } from '../../../ui/charts/NumberTable.tsx';
import { formatEpsilon, formatErrorRate, keepTogether } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import { NetworkGrid, NetworkSection } from '../../../ui/NetworkGrid.tsx';
import { styleOf } from '../../../ui/runStyles.ts';
import { MeasureBar, MeasureFailure } from '../MeasureBar.tsx';
import predictionStyles from '../predictions/Predictions.module.css';
import { chartIntervalMs } from '../RobustnessFigure.tsx';
import styles from '../Robustness.module.css';
import {
  chooseSmallestBins,
  describeSmallest,
  fillSmallestBins,
  formatLevels,
  summarizeSmallest,
} from './smallestNumbers.ts';

// Loaded on demand, because it needs the chart library.
const Histogram = lazy(() => import('../predictions/Histogram.tsx'));

/** How much each of many digits must change before it fools a network. */
export function SmallestTab() {
  const lab = useLabActions();
  const word = useImageWord();
  const networks = useInspectedNetworks();
  const smallest = useThrottledLab(({ robustness }) => robustness.smallest, chartIntervalMs);
  const { shown, bins, most } = useMemo(() => {
    const measured = networks.flatMap((network) => {
      const changes = smallest[network.id];
      if (changes === undefined) return [];
      return [{ network, epsilons: changes.epsilons, step: changes.step ?? 0 }];
    });
    const chosen = chooseSmallestBins(measured.map(({ epsilons }) => epsilons));
    const all = measured.map((one) => ({
      ...one,
      shares: fillSmallestBins(one.epsilons, chosen),
      summary: summarizeSmallest(one.epsilons),
    }));
    return {
      shown: all,
      bins: chosen,
      most: Math.max(0, ...all.flatMap(({ shares }) => [...shares])),
    };
  }, [networks, smallest]);
  const ticks = [0, 0.1, 0.2, 0.3, 0.4, 0.5].filter((x) => x <= borderOf(bins, bins.count));
  const isOutdated = useLab(({ runs }) =>
    shown.some(({ network, step }) => {
      const run = runs.find(({ id }) => id === network.id);
      return run !== undefined && run.progress?.step !== step;
    }),
  );
  return (
    <>
      <p className={styles.lead}>
        How much must {word === 'digit' ? 'a digit' : 'an image'} change before it fools the
        network? The further to the right, the better.
      </p>
      <div className={styles.toolbar}>
        <MeasureBar command="measureSmallest" onMeasure={() => lab.measureSmallest()}>
          Search {searchedDigits} {word}s
        </MeasureBar>
      </div>
      <MeasureFailure />
      {isOutdated && (
        <p className={styles.note}>The networks have trained further since: search again.</p>
      )}
      {shown.length > 0 && (
        <>
          <NetworkGrid column={256}>
            {shown.map((one) => (
              <NetworkSection key={one.network.id} shown={one}>
                <Suspense fallback={<div className={predictionStyles.histogram} />}>
                  <Histogram
                    bins={bins}
                    clean={one.shares}
                    top={findAxisEnd(100 * most) / 100}
                    color={styleOf(one.network).color}
                    hasBorder={false}
                    ticks={ticks}
                    formatX={formatEpsilon}
                    label={`${one.network.name}: ${word}s by the smallest ε that fools it, from 0 to ${borderOf(bins, bins.count)}`}
                  />
                </Suspense>
                <p className={predictionStyles.small}>
                  {keepTogether(describeSmallest(one.summary, word))}
                </p>
              </NetworkSection>
            ))}
          </NetworkGrid>
          <div className={styles.numbers}>
            <NumberTable
              hasNames
              caption={`Smallest ε found, and ${word}s that are misread without a change`}
              columns={[
                'Network',
                'First quartile',
                'Median',
                'Third quartile',
                'Misread unchanged',
              ].map((name) => ({ name, parts: [] }))}
              rows={shown.map(({ network: { id, name }, summary }) => ({
                key: id,
                cells: [
                  name,
                  formatLevels(summary.quarter),
                  formatLevels(summary.median),
                  formatLevels(summary.threeQuarters),
                  formatErrorRate(summary.misread / summary.count),
                ],
              }))}
            />
          </div>
        </>
      )}
      <div className={predictionStyles.caption}>
        Smallest ε: the least change of each pixel that was found to turn the prediction.{' '}
        <Info label="About the smallest ε">
          <p>
            For each of the first {searchedDigits} test {word}s, as on the pad: PGD on the margin
            from four random starts, with ε doubled until it succeeds and then halved down to 1/
            {epsilonGrid}, up to {formatEpsilon(largestSearched / epsilonGrid)}. Pixels are clipped
            to 0–1.
          </p>
          <p>
            A stronger attack might need less. {word === 'digit' ? 'A digit' : 'An image'} that is
            misread without any change counts at 0.
          </p>
        </Info>
      </div>
    </>
  );
}
