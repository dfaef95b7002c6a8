import { Checkbox, TextInput } from '@mantine/core';
import { useLab } from '../../../experiment/useLab.ts';
import { factsOf } from '../../../domain/dataSet.ts';
import { type SettingKey, settings } from '../../../domain/settings/settings.ts';
import { NumberField } from '../../../ui/fields/NumberField.tsx';
import { ChoiceField } from './ChoiceField.tsx';

interface SettingInputProps {
  readonly field: SettingKey;
  /** The value in the draft. */
  readonly value: unknown;
  /** What is wrong with it, or that something is, which is said elsewhere. */
  readonly error: string | boolean | undefined;
  readonly onChange: (value: unknown) => void;
  /** Whether it is one run's own value; a switch is then a choice of two values, without a description. */
  readonly isOwn?: boolean;
}

/** The input for a setting's kind, or nothing for kinds that have their own component. */
export function SettingInput({ field, value, error, onChange, isOwn = false }: SettingInputProps) {
  const trainingCount = useLab(({ setup }) => factsOf(setup.shared.dataSet).trainingCount);
  const row = settings[field];
  const { label, description: text } = row;
  const description = typeof text === 'function' ? text(trainingCount) : text;
  switch (row.kind) {
    case 'real':
    case 'whole':
      return (
        <NumberField
          label={label}
          description={row.perRun === 'always' ? undefined : description}
          kind={row.kind}
          min={row.limits.min}
          max={row.maxOf?.(trainingCount) ?? row.limits.max}
          step={row.step}
          text={String(value)}
          error={error}
          onChange={onChange}
        />
      );
    case 'layers':
      return (
        <TextInput
          label={label}
          description={description}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          autoComplete="off"
          spellCheck={false}
          value={String(value)}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'toggle':
      if (!isOwn) {
        return (
          <Checkbox
            label={label}
            description={description}
            checked={value === true}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
        );
      }
      return <ChoiceField label={label} labels={row.labels} value={value} onChange={onChange} />;
    case 'choice':
      return <ChoiceField label={label} labels={row.labels} value={value} onChange={onChange} />;
    case 'seedOrNone':
    case 'data':
      return null;
  }
}
