import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { type TrainingMethod, trainingMethods } from '../../shared/config.ts';
import { factsOf } from '../../shared/dataSet.ts';
import { isSettingUsed, type SettingsDraft, type TextSetting } from '../../lab/settings.ts';
import { type Entry, maxEntries } from '../../lab/setup.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { RunSwatch } from '../../ui/chart/RunSwatch.tsx';
import { CrossIcon } from '../../ui/icons.tsx';
import { methodTexts } from '../../ui/methods.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { lookOf } from '../../ui/runLooks.ts';
import { numberFieldOf, numberFields } from './fields.ts';
import { LayersInput } from './SettingField.tsx';
import styles from './Setup.module.css';

const methodOptions = trainingMethods.map((method) => ({
  value: method,
  label: methodTexts[method].name,
}));

/** Settings that a run may have of its own; method and ε it always has. */
const ownFields = [
  'hiddenLayers',
  'learningRate',
  'learningRateDecay',
  'batchSize',
  'epochs',
  'trainingSetSize',
  'seed',
  'pgdSteps',
  'pgdStepSize',
  'cleanLossWeight',
  'inputDropoutRate',
  'hiddenDropoutRate',
] as const satisfies TextSetting[];
type OwnField = (typeof ownFields)[number];

function labelOf(field: OwnField): string {
  return field === 'hiddenLayers' ? 'Hidden layers' : numberFields[field].label;
}

/** The runs of the race that would start now. */
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
        {isFull && `A race has at most ${maxEntries} runs. `}
        {describeShared(entries)}
      </p>
    </fieldset>
  );
}

/** Whether two runs have the same method. */
function isAlike(a: Entry, b: Entry): boolean {
  return a.changes.method === b.changes.method;
}

/** What the runs have in common, and only that. */
function describeShared(entries: readonly Entry[]): string {
  if (entries.length === 1) return 'Add a run to race it against another method or another ε.';
  const agree = (...fields: (keyof SettingsDraft)[]): boolean =>
    fields.every((field) => new Set(entries.map((one) => one.settings.draft[field])).size === 1);
  const isSameNetwork = agree('networkType', 'hiddenLayers', 'maxoutPieces', 'seed');
  const isSameOrder = agree('batchSize', 'trainingSetSize', 'seed');
  if (isSameNetwork && isSameOrder) {
    return 'Same settings: all start from the same weights and see the same batches in the same order.';
  }
  if (isSameNetwork) return 'All start from the same weights, but see other batches.';
  if (isSameOrder) return 'All see the same batches, but start from other weights.';
  return 'They start from other weights and see other batches.';
}

interface RunEntryProps {
  readonly entry: Entry;
  readonly canRemove: boolean;
  /** Whether its method is explained here: once in a race. */
  readonly isExplained: boolean;
}

function RunEntry({ entry, canRemove, isExplained }: RunEntryProps) {
  const lab = useLabActions();
  const { key, name, settings } = entry;
  const { method, trainingEpsilon } = settings.draft;
  return (
    <li className={styles.entry}>
      <div className={styles.entryHead}>
        <RunSwatch look={lookOf(entry)} />
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
          <NumberField
            {...numberFields.trainingEpsilon}
            description={undefined}
            text={trainingEpsilon}
            error={settings.errors.trainingEpsilon}
            onChange={(typed) => lab.changeEntry(key, { trainingEpsilon: typed })}
          />
        )}
      </div>
      {isExplained && <p className={styles.hint}>{methodTexts[method].explanation}</p>}
      <OwnSettings entry={entry} />
    </li>
  );
}

/** What this run does otherwise than the shared settings say. */
function OwnSettings({ entry }: { readonly entry: Entry }) {
  const lab = useLabActions();
  const { key, name, changes, settings } = entry;
  const available = useLab(({ setup }) => factsOf(setup.shared.dataSet).trainingCount);
  const own = ownFields.filter((field) => field in changes);
  const others = ownFields.filter(
    (field) => !(field in changes) && isSettingUsed(field, settings.draft),
  );
  return (
    <>
      {own.map((field) => (
        <div key={field} className={styles.ownField}>
          {field === 'hiddenLayers' ? (
            <LayersInput
              text={settings.draft.hiddenLayers}
              error={settings.errors.hiddenLayers}
              onChange={(hiddenLayers) => lab.changeEntry(key, { hiddenLayers })}
            />
          ) : (
            <NumberField
              {...numberFieldOf(field, available)}
              text={settings.draft[field]}
              error={settings.errors[field]}
              onChange={(typed) => lab.changeEntry(key, { [field]: typed })}
            />
          )}
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => lab.changeEntry(key, { [field]: undefined })}
          >
            Use the shared value
          </Button>
        </div>
      ))}
      <NativeSelect
        size="xs"
        variant="unstyled"
        className={styles.ownChoice}
        aria-label={`Own setting for ${name}`}
        value=""
        data={[
          { value: '', label: 'Give it a setting of its own…' },
          ...others.map((field) => ({ value: field, label: labelOf(field) })),
        ]}
        onChange={(event) => {
          const field = event.currentTarget.value as OwnField;
          lab.changeEntry(key, { [field]: settings.draft[field] });
        }}
      />
    </>
  );
}
