import { Button, NativeSelect } from '@mantine/core';
import { factsOf } from '../../shared/dataSet.ts';
import { isSettingUsed, type TextSetting } from '../../lab/settings.ts';
import type { Entry } from '../../lab/setup.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import { choiceFields, type ChoiceSetting, numberFieldOf, numberFields } from './fields.ts';
import { LayersInput } from './SettingField.tsx';
import styles from './Setup.module.css';

/** Settings that a run may have of its own; method and ε it always has. Data and judges are the race's. */
const ownFields = [
  'networkType',
  'hiddenLayers',
  'maxoutPieces',
  'loss',
  'optimizer',
  'learningRate',
  'learningRateDecay',
  'batchSize',
  'epochs',
  'trainingSetSize',
  'seed',
  'clipTrainingImages',
  'pgdSteps',
  'pgdStepSize',
  'cleanLossWeight',
  'inputDropoutRate',
  'hiddenDropoutRate',
] as const satisfies (TextSetting | ChoiceSetting)[];
type OwnField = (typeof ownFields)[number];

function isChoice(field: OwnField): field is ChoiceSetting {
  return field in choiceFields;
}

function labelOf(field: OwnField): string {
  if (field === 'hiddenLayers') return 'Hidden layers';
  return (isChoice(field) ? choiceFields[field] : numberFields[field]).label;
}

/** What a run does otherwise than the shared settings say. */
export function OwnSettings({ entry }: { readonly entry: Entry }) {
  const lab = useLabActions();
  const { key, name, changes, settings } = entry;
  const own = ownFields.filter((field) => field in changes);
  const others = ownFields.filter(
    (field) => !(field in changes) && isSettingUsed(field, settings.draft),
  );
  return (
    <>
      {own.map((field) => (
        <div key={field} className={styles.ownField}>
          <OwnSetting entry={entry} field={field} />
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

function OwnSetting({ entry, field }: { readonly entry: Entry; readonly field: OwnField }) {
  const lab = useLabActions();
  const { key, settings } = entry;
  const available = useLab(({ setup }) => factsOf(setup.shared.dataSet).trainingCount);
  const change = (value: unknown): void => lab.changeEntry(key, { [field]: value });
  if (isChoice(field)) {
    const { label, options } = choiceFields[field];
    return (
      <ChoiceField<unknown>
        {...{ label, options }}
        value={settings.draft[field]}
        onChange={change}
      />
    );
  }
  const [text, error] = [settings.draft[field], settings.errors[field]];
  return field === 'hiddenLayers' ? (
    <LayersInput text={text} error={error} onChange={change} />
  ) : (
    <NumberField {...numberFieldOf(field, available)} text={text} error={error} onChange={change} />
  );
}
