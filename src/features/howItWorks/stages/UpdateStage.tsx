import { findPrediction } from '../../../experiment/drawing/prediction.ts';
import type { InspectedStep } from '../../../experiment/inspection/inspectionState.ts';
import { formatConfidence } from '../../../ui/format.ts';
import { Facts } from '../../../ui/Facts.tsx';
import { within } from './stages.ts';
import styles from './Stages.module.css';
import { layerName } from '../numbers.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import { Value } from '../Value.tsx';

interface UpdateProps {
  readonly step: InspectedStep;
  /** Visible fraction of the stage, 0 to 1. */
  readonly part: number;
}

/** The outputs for x̃, the weight gradient, and the outputs after the update. */
export function Update({ step, part }: UpdateProps) {
  const { clean, methods, label } = step;
  const { pass, gradientNorms, after } = methods.adversarial;
  const turned = within(part, 0, 0.35);
  const grown = within(part, 0.35, 0.7);
  const largest = Math.max(...gradientNorms, 1e-30);
  const answer = findPrediction(pass.probabilities).digit;
  return (
    <div className={styles.outcome} data-term="update">
      <ProbabilityBars
        probabilities={pass.probabilities}
        shown={Array.from(
          pass.probabilities,
          (value, i) => (1 - turned) * clean.probabilities[i]! + turned * value,
        )}
        after={after.adversarial.probabilities}
        isAfterShown={part > 0.7}
        label={label}
        name="Outputs for x̃; the marks show them after the update"
        dataName="x̃ output"
        isLarge
      />
      <p className={styles.line}>
        x̃ is read as a{' '}
        <strong>
          <Value value={answer} format={String} name="x̃ answer" />
        </strong>
        ,{' '}
        <Value value={pass.probabilities[answer]!} format={formatConfidence} name="x̃ confidence" />.
        Marks: after the update.
      </p>
      <p className={styles.line}>Weight gradient, ‖∂J/∂W‖:</p>
      <ul className={styles.norms}>
        {gradientNorms.map((norm, l) => (
          <li key={l}>
            <span>{layerName(l, gradientNorms.length)}</span>
            <span className={styles.track} aria-hidden="true">
              <span
                className={styles.fill}
                style={{ width: `${(100 * grown * norm) / largest}%` }}
                data-length={`gradient norm ${l}`}
              />
            </span>
            <Value value={norm} name={`gradient norm ${l}`} />
          </li>
        ))}
      </ul>
      <Facts
        facts={[
          ['loss J on x̃', <Value key="1" value={pass.loss} term="moved" name="loss on x̃" />],
          ['after the update', <Value key="2" value={after.adversarial.loss} name="loss after" />],
        ]}
      />
    </div>
  );
}
