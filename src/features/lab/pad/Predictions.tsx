import { memo } from 'react';
import { classesOf, nameClass } from '../../../domain/dataSet.ts';
import { findPrediction } from '../../../experiment/drawing/prediction.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { formatConfidence } from '../../../ui/format.ts';
import styles from './Predictions.module.css';
import { formatPercent } from './describePredictions.ts';
import { type DrawnNetwork, useDrawnData, useNetworks } from './useNetworks.ts';

/** Every network's probability of every class. */
export function Predictions() {
  const networks = useNetworks();
  const predictions = useLab(({ drawing }) => drawing.predictions);
  return (
    <section className={styles.predictions} aria-label="Probabilities">
      <ul className={styles.networks}>
        {networks.map((network) => (
          <NetworkPrediction
            key={network.id}
            network={network}
            probabilities={predictions[network.id] ?? null}
          />
        ))}
      </ul>
    </section>
  );
}

interface NetworkPredictionProps {
  readonly network: DrawnNetwork;
  /** [classes], or null while there are no predictions. */
  readonly probabilities: Float32Array | null;
}

const NetworkPrediction = memo(function NetworkPrediction({
  network,
  probabilities,
}: NetworkPredictionProps) {
  const dataSet = useDrawnData();
  const { name, runStyle } = network;
  const prediction = probabilities && findPrediction(probabilities);
  const summary = prediction
    ? `${name}: ${nameClass(dataSet, prediction.digit)}, ${formatConfidence(prediction.confidence)}`
    : `${name}: no prediction yet`;
  return (
    <li className={styles.network} aria-label={summary}>
      <p className={styles.name}>
        <RunSwatch runStyle={runStyle} />
        {name}
      </p>
      <p className={styles.prediction} aria-hidden="true">
        <strong className={styles.digit}>
          {prediction ? nameClass(dataSet, prediction.digit) : '–'}
        </strong>
        <span className={styles.confidence}>
          {prediction ? formatConfidence(prediction.confidence) : ''}
        </span>
      </p>
      <ol className={styles.bars} start={0} aria-label={`Probabilities of ${name}`}>
        {classesOf(dataSet).map((digit) => {
          const probability = probabilities?.[digit] ?? 0;
          return (
            <li
              key={digit}
              className={styles.bar}
              data-largest={prediction?.digit === digit || undefined}
            >
              <span>{nameClass(dataSet, digit).replace(/^class /, '')}</span>
              <span className={styles.track} aria-hidden="true">
                <span
                  className={styles.fill}
                  style={{
                    width: `${(100 * probability).toFixed(1)}%`,
                    background: runStyle.color,
                  }}
                />
              </span>
              <span className={styles.percent}>
                {probabilities ? formatPercent(probability) : ''}
              </span>
            </li>
          );
        })}
      </ol>
    </li>
  );
});
