import { Checkbox } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { type Bins, borderOf, chooseBins, fillBins } from '../../../experiment/inside/histogram.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { findAxisEnd } from '../../../ui/charts/axes.ts';
import { NumberTable } from '../../../ui/charts/NumberTable.tsx';
import { ChoiceGroup } from '../../../ui/fields/ChoiceGroup.tsx';
import { Info } from '../../../ui/Info.tsx';
import { styleOf } from '../../../ui/runStyles.ts';
import { formatSigned } from '../../../ui/format.ts';
import styles from './Predictions.module.css';
import { NetworkGrid, NetworkSection } from '../../../ui/NetworkGrid.tsx';
import { PredictionsView } from './PredictionsView.tsx';
import { PredictionControls } from './PredictionControls.tsx';
import { describeAttack, describeImages, describePredictions, type Quantity } from './texts.ts';
import { useShown } from '../../../experiment/inside/useShown.ts';

// Loaded on demand, because it needs the chart library.
const Histogram = lazy(() => import('./Histogram.tsx'));

const mostBins = 60;
const confidenceBins: Bins = { from: 0, width: 0.05, count: 20 };
const quantities: readonly {
  value: Quantity;
  label: string;
  caption: string;
  more: string;
}[] = [
  {
    value: 'margins',
    label: 'Margin',
    caption:
      'Margin: the correct class’s logit minus the largest other logit; below 0, the prediction is wrong.',
    more: 'Each network’s logits have their own scale: compare the parts below 0, not the distances.',
  },
  {
    value: 'confidences',
    label: 'Confidence',
    caption: 'Confidence: the network’s output for its prediction, right or wrong.',
    more: 'A network can be confident and wrong: that is what an attack aims for.',
  },
];

/** How confident every network is in its predictions, clean and attacked. */
export function MarginsTab() {
  return (
    <PredictionsView>
      <Margins />
    </PredictionsView>
  );
}

function Margins() {
  const dataSet = useLab(({ customData }) => customData.loaded);
  const { shown } = useShown('attackPredictions');
  const [quantity, setQuantity] = useState<Quantity>('margins');
  const [isTable, setIsTable] = useState(false);
  const { label, caption, more } = quantities.find(({ value }) => value === quantity)!;
  const { bins, histograms } = useMemo(() => {
    const all = shown.flatMap(({ answer }) => [answer.clean[quantity], answer.attacked[quantity]]);
    const chosen = quantity === 'confidences' ? confidenceBins : chooseBins(all, mostBins);
    return {
      bins: chosen,
      histograms: shown.map((one) => ({
        ...one,
        clean: fillBins(one.answer.clean[quantity], chosen),
        attacked: fillBins(one.answer.attacked[quantity], chosen),
      })),
    };
  }, [shown, quantity]);
  const first = shown[0]?.answer;
  const most = Math.max(0, ...histograms.flatMap(({ clean, attacked }) => [...clean, ...attacked]));
  const by = `by ${label.toLowerCase()}`;
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
        <p className={styles.note}>Measuring margins and confidence…</p>
      ) : (
        <>
          {isTable ? (
            <NumberTable
              caption={`Images ${by}, in percent`}
              columns={[
                { name: label, parts: [] },
                ...histograms.map(({ network: { name } }) => ({
                  name,
                  parts: ['clean', 'attacked'],
                })),
              ]}
              rows={Array.from({ length: bins.count }, (_, bin) => ({
                key: String(bin),
                cells: [
                  `${formatSigned(borderOf(bins, bin))} to ${formatSigned(borderOf(bins, bin + 1))}`,
                  ...histograms
                    .flatMap(({ clean, attacked }) => [clean[bin]!, attacked[bin]!])
                    .map((share) => (100 * share).toFixed(1)),
                ],
              })).reverse()}
            />
          ) : (
            <NetworkGrid column={256}>
              {histograms.map((one) => (
                <NetworkSection key={one.network.id} shown={one}>
                  <Suspense fallback={<div className={styles.histogram} />}>
                    <Histogram
                      bins={bins}
                      clean={one.clean}
                      attacked={one.attacked}
                      top={findAxisEnd(100 * most) / 100}
                      color={styleOf(one.network).color}
                      hasBorder={quantity === 'margins'}
                      label={`${one.network.name}: images ${by}, clean and attacked`}
                    />
                  </Suspense>
                  <p className={styles.small}>{describePredictions(one.answer, quantity)}</p>
                </NetworkSection>
              ))}
            </NetworkGrid>
          )}
          <div className={styles.caption}>
            {caption}{' '}
            <Info label="About the histograms">
              <p>{more}</p>
              <p>
                {`Filled: clean. Line: ${describeAttack(first.attack)}, clipped to 0–1. On ${describeImages(first.split, first.labels.length, dataSet)}; all networks on the same axes.`}
              </p>
            </Info>
          </div>
        </>
      )}
    </>
  );
}
