import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { type TrainingMethod, trainingMethods } from '../../../domain/settings/config.ts';
import { methodFacts, methodGroups } from '../../../domain/settings/methods.ts';
import { isSettingUsed } from '../../../domain/settings/settings.ts';
import { type Entry, findSharedEpsilon, maxEntries } from '../../../experiment/setup/setup.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { CrossIcon } from '../../../ui/icons.tsx';
import { styleOf } from '../../../ui/runStyles.ts';
import { describeShared } from './describeShared.ts';
import { OwnSettings } from './OwnSettings.tsx';
import { SettingInput } from './SettingInput.tsx';
import styles from './Setup.module.css';

/** Under headings that say what each method trains against. */
const methodOptions = methodGroups.map((group) => ({
  group,
  items: trainingMethods
    .filter((method) => methodFacts[method].group === group)
    .map((method) => ({ value: method, label: methodFacts[method].name })),
}));

/** The runs of the experiment that Train would start now. */
export function RunEntries() {
  const lab = useLabActions();
  const entries = useLab((state) => state.setup.entries);
  const isFull = entries.length >= maxEntries;
  return (
    <fieldset className={styles.runs}>
      <legend className={styles.legend}>Runs</legend>
      <ol className={styles.entries}>
        {entries.map((entry, index) => (
          <RunEntry
            key={entry.key}
            entry={entry}
            canRemove={entries.length > 1}
            isExplained={entries.findIndex((one) => isAlike(one, entry)) === index}
          />
        ))}
      </ol>
      <Button
        variant="default"
        size="compact-sm"
        disabled={isFull}
        onClick={() => lab.addEntry()}
        aria-describedby="runs-note"
      >
        Add a run
      </Button>
      <p id="runs-note" className={styles.hint}>
        {isFull && `An experiment has at most ${maxEntries} runs. `}
        {describeShared(entries)}
      </p>
    </fieldset>
  );
}

function isAlike(a: Entry, b: Entry): boolean {
  return a.changes.method === b.changes.method;
}

interface RunEntryProps {
  readonly entry: Entry;
  readonly canRemove: boolean;
  /** Whether this entry explains its method; only one entry per method does. */
  readonly isExplained: boolean;
}

function RunEntry({ entry, canRemove, isExplained }: RunEntryProps) {
  const lab = useLabActions();
  const { key, name, settings } = entry;
  const { method, trainingEpsilon } = settings.draft;
  // While there is no experiment, the one field for all runs is on the page too, with its error.
  const isSaidAbove = useLab(({ runs, setup }) => {
    return runs.length === 0 && findSharedEpsilon(setup) !== null;
  });
  return (
    <li className={styles.entry}>
      <div className={styles.entryHead}>
        <RunSwatch runStyle={styleOf(entry)} />
        <strong className={styles.entryName}>{name}</strong>
        {canRemove && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${name}`}
            onClick={() => lab.removeEntry(key)}
          >
            <CrossIcon />
          </ActionIcon>
        )}
      </div>
      <div className={styles.entryFields}>
        <NativeSelect
          aria-label={`Method of ${name}`}
          data={methodOptions}
          value={method}
          onChange={(event) =>
            lab.changeEntry(key, { method: event.currentTarget.value as TrainingMethod })
          }
        />
        {isSettingUsed('trainingEpsilon', settings.draft) && (
          <SettingInput
            isOwn
            field="trainingEpsilon"
            value={trainingEpsilon}
            error={
              isSaidAbove
                ? settings.errors.trainingEpsilon !== undefined
                : settings.errors.trainingEpsilon
            }
            onChange={(typed) => lab.changeEntry(key, { trainingEpsilon: typed as string })}
          />
        )}
      </div>
      {isExplained && <p className={styles.hint}>{methodFacts[method].explanation}</p>}
      <OwnSettings entry={entry} />
    </li>
  );
}
