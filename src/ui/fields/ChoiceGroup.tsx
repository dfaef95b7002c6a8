import { type ReactNode, useId } from 'react';
import styles from './ChoiceGroup.module.css';

export interface Choice<T extends string> {
  readonly value: T;
  /** The name of the radio button. */
  readonly label: string;
  /** A decorative mark before the label. */
  readonly mark?: ReactNode;
  /** A sentence below the label. */
  readonly description?: string;
}

interface ChoiceGroupProps<T extends string> {
  readonly label: string;
  /** The ARIA role of the group. */
  readonly role: 'group' | 'radiogroup';
  /** Side by side in equal parts, or stacked. */
  readonly layout: 'row' | 'list';
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** Native radio buttons with a legend; the browser provides arrow keys, names and states. */
export function ChoiceGroup<T extends string>(props: ChoiceGroupProps<T>) {
  const id = useId();
  const { label, role, layout, choices, value, onChange } = props;
  return (
    <fieldset className={styles.group} role={role}>
      <legend className={styles.legend}>{label}</legend>
      <div className={styles[layout]}>
        {choices.map((choice) => {
          const descriptionId = `${id}-${choice.value}`;
          return (
            <div key={choice.value} className={styles.choice}>
              <label className={styles.label}>
                <input
                  className={styles.input}
                  type="radio"
                  name={id}
                  value={choice.value}
                  checked={choice.value === value}
                  onChange={() => onChange(choice.value)}
                  aria-describedby={choice.description ? descriptionId : undefined}
                />
                <span className={styles.text}>{choice.label}</span>
                {choice.mark}
              </label>
              {choice.description && (
                <p id={descriptionId} className={styles.description}>
                  {choice.description}
                </p>
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
