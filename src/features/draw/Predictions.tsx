import { memo } from 'react';
import { drawableNetworks } from '../../experiment/runs/answering.ts';
import { findPrediction } from '../../experiment/drawing/prediction.ts';
import { useLab } from '../../experiment/useLab.ts';
import { RunSwatch } from '../../ui/charts/RunSwatch.tsx';
import { formatConfidence } from '../../ui/format.ts';
import styles from './Predictions.module.css';
import { describeAgreement, formatPercent } from './describePredictions.ts';
import { type DrawnNetwork, useNetworks } from './useNetworks.ts';

/** The predictions of all networks for the drawing, side by side. */
export function Predictions() {
  const networks = useNetworks();
  const predictions = useLab(({ drawing }) => drawing.predictions);
  const isPretrained = useLab((state) =>
    drawableNetworks(state).some(({ id }) => state.pretrained.some((one) => one.id === id)),
  );
  return (
    <section className={styles.predictions} aria-label="Answers">
      <Verdict />
      <ul className={styles.networks}>
        {networks.map((network) => (
          <NetworkPrediction
            key={network.id}
            network={network}
            probabilities={predictions[network.id] ?? null}
          />
        ))}
      </ul>
      {isPretrained && (
        <p className={styles.note}>
          These networks were trained beforehand. Train your own, and they answer here.
        </p>
      )}
    </section>
  );
}

/** Says whether the networks agree, or why there are no predictions yet. */
function Verdict() {
  const networks = useNetworks();
  const predictions = useLab(({ drawing }) => drawing.predictions);
  const hasInput = useLab(({ drawing }) => drawing.input !== null);
  const nothing = useLab(({ drawing }) =>
    drawing.normalized?.kind === 'empty' ? drawing.normalized.reason : null,
  );
  const error = useLab(({ drawing }) => drawing.error);
  const isStarting = useLab(
    ({ engine, pretrainedError }) =>
      engine.status === 'starting' || (engine.status === 'ready' && pretrainedError === null),
  );
  if (error !== null) {
    return (
      <p role="alert" className={styles.failure}>
        {`${error.message} ${error.remedy}`}
      </p>
    );
  }
  const named = networks.flatMap(({ id, name }) => {
    const probabilities = predictions[id];
    return probabilities ? [{ name, prediction: findPrediction(probabilities) }] : [];
  });
  const text =
    nothing !== null && !hasInput
      ? nothing
      : networks.length === 0
        ? isStarting
          ? 'The networks are on their way…'
          : 'There is no network to ask yet. Train one, and its answers appear here.'
        : !hasInput
          ? 'Draw a digit, and every network answers while you draw.'
          : named.length === 0
            ? 'Asking the networks…'
            : describeAgreement(named);
  return (
    <p
      role="status"
      className={styles.verdict}
      data-answered={named.length > 0 || undefined}
      data-rejected={(nothing !== null && !hasInput) || undefined}
    >
      {text}
    </p>
  );
}

interface NetworkPredictionProps {
  readonly network: DrawnNetwork;
  /** [10], or null while there are no predictions. */
  readonly probabilities: Float32Array | null;
}

const NetworkPrediction = memo(function NetworkPrediction({
  network,
  probabilities,
}: NetworkPredictionProps) {
  const { name, runStyle } = network;
  const prediction = probabilities && findPrediction(probabilities);
  const summary = prediction
    ? `${name}: ${prediction.digit}, ${formatConfidence(prediction.confidence)}`
    : `${name}: no answer yet`;
  return (
    <li className={styles.network} aria-label={summary}>
      <p className={styles.name}>
        <RunSwatch runStyle={runStyle} />
        {name}
      </p>
      <p className={styles.prediction} aria-hidden="true">
        <strong className={styles.digit}>{prediction ? prediction.digit : '–'}</strong>
        <span className={styles.confidence}>
          {prediction ? formatConfidence(prediction.confidence) : ''}
        </span>
      </p>
      <ol className={styles.bars} start={0} aria-label={`Probabilities of ${name}`}>
        {Array.from({ length: 10 }, (_, digit) => {
          const probability = probabilities?.[digit] ?? 0;
          return (
            <li
              key={digit}
              className={styles.bar}
              data-largest={prediction?.digit === digit || undefined}
            >
              <span>{digit}</span>
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
