import { Chip } from '@mantine/core';
import { type TrainingMethod, trainingMethods } from '../../../domain/settings/config.ts';
import { isSettingUsed, settings } from '../../../domain/settings/settings.ts';
import { methodFacts } from '../../../domain/settings/methods.ts';
import { type Entry, findSharedEpsilon, maxEntries } from '../../../experiment/setup/setup.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { NumberField } from '../../../ui/fields/NumberField.tsx';
import { NetworkTypeChoice } from '../setup/NetworkChoice.tsx';
import styles from './Training.module.css';

/** The three choices of the first screen: type of network, training ε, and the methods to compare. */
export function QuickSettings() {
  return (
    <div className={styles.quick}>
      <NetworkTypeChoice />
      <TrainingEpsilon />
      <Methods />
    </div>
  );
}

/** One ε for all runs that perturb images; shown only while they share it. */
function TrainingEpsilon() {
  const { label, kind, limits, step } = settings.trainingEpsilon;
  const lab = useLabActions();
  const entries = useLab((state) => state.setup.entries);
  const users = entries.filter(({ settings }) => isSettingUsed('trainingEpsilon', settings.draft));
  const [first] = users;
  if (first === undefined) return null;
  const trainingEpsilon = findSharedEpsilon({ entries });
  if (trainingEpsilon === null) {
    return <p className={styles.hint}>Each run has its own training ε, under More settings.</p>;
  }
  return (
    <NumberField
      label={label}
      kind={kind}
      {...limits}
      step={step}
      text={trainingEpsilon}
      error={first.settings.errors.trainingEpsilon}
      onChange={(typed) => {
        for (const { key } of users) lab.changeEntry(key, { trainingEpsilon: typed });
      }}
    />
  );
}

function Methods() {
  const lab = useLabActions();
  const entries = useLab((state) => state.setup.entries);
  const of = (method: TrainingMethod): readonly Entry[] =>
    entries.filter(({ changes }) => changes.method === method);
  return (
    <fieldset className={styles.methods}>
      <legend className={styles.legend}>Methods to compare, up to {maxEntries}</legend>
      <div className={styles.chips}>
        {trainingMethods.map((method) => {
          const own = of(method);
          const isChosen = own.length > 0;
          const isAll = own.length === entries.length;
          const isFull = !isChosen && entries.length >= maxEntries;
          return (
            <Chip
              key={method}
              size="sm"
              checked={isChosen}
              disabled={isAll || isFull}
              onChange={() => {
                if (!isChosen) lab.addEntry(method);
                for (const { key } of own) lab.removeEntry(key);
              }}
            >
              {methodFacts[method].shortName}
            </Chip>
          );
        })}
      </div>
    </fieldset>
  );
}
