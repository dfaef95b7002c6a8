import { Fact, Facts } from '../../../ui/Facts.tsx';
import { layerName } from '../numbers.ts';
import { Answer, Bar, Value } from '../Value.tsx';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import type { StageProps } from './Stages.tsx';
import { within } from './stages.ts';
import styles from './Stages.module.css';

/** The outputs for x̃, the weight gradient, and the outputs after the update. */
export function Update({ step, part }: StageProps) {
  const { clean, methods, label } = step;
  const { pass, gradientNorms, after } = methods.adversarial;
  const turned = within(part, 0, 0.35);
  const grown = within(part, 0.35, 0.7);
  const largest = Math.max(...gradientNorms, 1e-30);
  return (
    <div className={styles.outcome} data-term="update">
      <ProbabilityBars
        probabilities={pass.probabilities}
        shown={pass.probabilities.map(
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
        x̃ is predicted as a <Answer probabilities={pass.probabilities} name="x̃" />. Marks: after the
        update.
      </p>
      <p className={styles.line}>Weight gradient, ‖∂J/∂W‖:</p>
      <ul className={styles.norms}>
        {gradientNorms.map((norm, l) => (
          <li key={l}>
            <span>{layerName(l, gradientNorms.length)}</span>
            <Bar share={(grown * norm) / largest} name={`gradient norm ${l}`} />
            <Value value={norm} name={`gradient norm ${l}`} />
          </li>
        ))}
      </ul>
      <Facts>
        <Fact name="loss J on x̃">
          <Value value={pass.loss} term="moved" name="loss on x̃" />
        </Fact>
        <Fact name="after the update">
          <Value value={after.adversarial.loss} name="loss after" />
        </Fact>
      </Facts>
    </div>
  );
}
