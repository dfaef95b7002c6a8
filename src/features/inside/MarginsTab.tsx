import { Checkbox } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { type Bins, borderOf, chooseBins, fillBins } from '../../experiment/inside/histogram.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { useLab } from '../../experiment/useLab.ts';
import { findAxisEnd } from '../../ui/charts/axes.ts';
import { NumberTable } from '../../ui/charts/NumberTable.tsx';
import { ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import styles from './Inside.module.css';
import { NetworkHeading } from './NetworkHeading.tsx';
import { PredictionControls } from './PredictionControls.tsx';
import {
  describeAttack,
  describeImages,
  describePredictions,
  formatSigned,
  type Quantity,
} from './texts.ts';
import { useNetworks } from './useNetworks.ts';

// Loaded on demand, because it needs the chart library.
const Histogram = lazy(() => import('./Histogram.tsx'));

const mostBins = 60;
const confidenceBins: Bins = { from: 0, width: 0.05, count: 20 };
const quantities: readonly { value: Quantity; label: string }[] = [
  { value: 'margins', label: 'Margin' },
  { value: 'confidences', label: 'Confidence' },
];

/** How confident every network is in its predictions, clean and attacked. */
export function MarginsTab() {
  const dataSet = useLab(({ customData }) => customData.loaded);
  const networks = useNetworks();
  const answers = useDeferredValue(useInside((state) => state.attackPredictions.answers));
  const [quantity, setQuantity] = useState<Quantity>('margins');
  const [isTable, setIsTable] = useState(false);
  const shown = useMemo(() => {
    const found = networks.flatMap((network) => {
      const inspected = answers[network.id];
      return inspected ? [{ network, ...inspected }] : [];
    });
    const all = found.flatMap(({ answer: { clean, attacked } }) => [
      clean[quantity],
      attacked[quantity],
    ]);
    const bins = quantity === 'confidences' ? confidenceBins : chooseBins(all, mostBins);
    return {
      bins,
      histograms: found.map((one) => ({
        ...one,
        clean: fillBins(one.answer.clean[quantity], bins),
        attacked: fillBins(one.answer.attacked[quantity], bins),
      })),
    };
  }, [networks, answers, quantity]);
  if (networks.length === 0) return null;
  const { bins, histograms } = shown;
  const first = histograms[0]?.answer;
  const most = Math.max(0, ...histograms.flatMap(({ clean, attacked }) => [...clean, ...attacked]));
  const top = findAxisEnd(100 * most) / 100;
  return (
    <>
      <PredictionControls>
        <ChoiceGroup
          label="Histogram of"
          role="radiogroup"
          layout="row"
          choices={quantities}
          value={quantity}
          onChange={setQuantity}
        />
        <Checkbox
          className={styles.check}
          label="Table"
          checked={isTable}
          onChange={(event) => setIsTable(event.currentTarget.checked)}
        />
      </PredictionControls>
      {first === undefined ? (
        <p className={styles.note}>Measuring how sure the networks are…</p>
      ) : (
        <>
          {isTable ? (
            <NumberTable
              caption={`Images by ${quantity === 'margins' ? 'margin' : 'confidence'}, in percent`}
              columns={[
                { name: quantity === 'margins' ? 'Margin' : 'Confidence', parts: [] },
                ...histograms.map(({ network: { name } }) => ({
                  name,
                  parts: ['clean', 'attacked'],
                })),
              ]}
              rows={Array.from({ length: bins.count }, (_, bin) => ({
                key: String(bin),
                cells: [
                  nameBin(bins, bin),
                  ...histograms.flatMap(({ clean, attacked }) => [
                    (100 * clean[bin]!).toFixed(1),
                    (100 * attacked[bin]!).toFixed(1),
                  ]),
                ],
              })).reverse()}
            />
          ) : (
            <div className={styles.figures}>
              {histograms.map(({ network, step, answer, clean, attacked }) => (
                <figure key={network.id} className={styles.figure}>
                  <NetworkHeading network={network} step={step} />
                  <Suspense fallback={<div className={styles.histogram} />}>
                    <Histogram
                      bins={bins}
                      clean={clean}
                      attacked={attacked}
                      top={top}
                      color={network.runStyle.color}
                      hasBorder={quantity === 'margins'}
                      label={`${network.name}: images by ${quantity === 'margins' ? 'margin' : 'confidence'}, clean and attacked`}
                    />
                  </Suspense>
                  <figcaption className={styles.small}>
                    {describePredictions(answer, quantity)}
                  </figcaption>
                </figure>
              ))}
            </div>
          )}
          <p className={styles.caption}>
            {quantity === 'margins'
              ? 'Margin: the logit of the right digit minus the largest other one; below 0 the answer is wrong. '
              : 'Confidence: the network’s output for its answer, right or wrong. '}
            {`Filled: clean. Line: ${describeAttack(first.attack)}, clipped to 0–1. On ${describeImages(first.split, first.labels.length, dataSet)}; all networks on the same axes.`}
            {quantity === 'margins' &&
              ' Logits have a scale of their own in each network: compare the parts below 0, not the distances.'}
          </p>
        </>
      )}
    </>
  );
}

function nameBin(bins: Bins, bin: number): string {
  return `${formatSigned(borderOf(bins, bin))} to ${formatSigned(borderOf(bins, bin + 1))}`;
}
