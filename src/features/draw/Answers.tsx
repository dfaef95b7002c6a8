import { memo } from 'react';
import { drawableNetworks } from '../../lab/answering.ts';
import { findAnswer } from '../../lab/drawing/answer.ts';
import { useLab } from '../../lab/useLab.ts';
import { RunSwatch } from '../../ui/chart/RunSwatch.tsx';
import { formatConfidence } from '../../ui/format.ts';
import styles from './Answers.module.css';
import { describeAgreement, formatPercent } from './describeAnswers.ts';
import { type DrawnNetwork, useNetworks } from './useAnswers.ts';

/** What every network answers to the drawing, side by side. */
export function Answers() {
  const networks = useNetworks();
  const answers = useLab(({ drawing }) => drawing.answers);
  const isPretrained = useLab((state) =>
    drawableNetworks(state).some(({ id }) => state.pretrained.some((one) => one.id === id)),
  );
  return (
    <section className={styles.answers} aria-label="Answers">
      <Verdict />
      <ul className={styles.networks}>
        {networks.map((network) => (
          <NetworkAnswer
            key={network.id}
            network={network}
            probabilities={answers[network.id] ?? null}
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

/** Agreement or disagreement; or why there is none yet. */
function Verdict() {
  const networks = useNetworks();
  const answers = useLab(({ drawing }) => drawing.answers);
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
    const probabilities = answers[id];
    return probabilities ? [{ name, answer: findAnswer(probabilities) }] : [];
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

interface NetworkAnswerProps {
  readonly network: DrawnNetwork;
  /** [10]; null: not asked, or not answered yet. */
  readonly probabilities: Float32Array | null;
}

const NetworkAnswer = memo(function NetworkAnswer({ network, probabilities }: NetworkAnswerProps) {
  const { name, look } = network;
  const answer = probabilities && findAnswer(probabilities);
  const summary = answer
    ? `${name}: ${answer.digit}, ${formatConfidence(answer.confidence)}`
    : `${name}: no answer yet`;
  return (
    <li className={styles.network} aria-label={summary}>
      <p className={styles.name}>
        <RunSwatch look={look} />
        {name}
      </p>
      <p className={styles.answer} aria-hidden="true">
        <strong className={styles.digit}>{answer ? answer.digit : '–'}</strong>
        <span className={styles.confidence}>
          {answer ? formatConfidence(answer.confidence) : ''}
        </span>
      </p>
      <ol className={styles.bars} start={0} aria-label={`Probabilities of ${name}`}>
        {Array.from({ length: 10 }, (_, digit) => {
          const probability = probabilities?.[digit] ?? 0;
          return (
            <li
              key={digit}
              className={styles.bar}
              data-largest={answer?.digit === digit || undefined}
            >
              <span>{digit}</span>
              <span className={styles.track} aria-hidden="true">
                <span
                  className={styles.fill}
                  style={{ width: `${(100 * probability).toFixed(1)}%`, background: look.color }}
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
