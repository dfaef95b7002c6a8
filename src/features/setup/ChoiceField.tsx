import { NativeSelect } from '@mantine/core';
import type { ChoiceFieldLook } from './fields.ts';

interface ChoiceFieldProps<Value> extends ChoiceFieldLook<Value> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** A setting that has a few values, of any type. */
export function ChoiceField<Value>({ label, options, value, onChange }: ChoiceFieldProps<Value>) {
  return (
    <NativeSelect
      label={label}
      data={options.map((option, index) => ({ value: String(index), label: option.label }))}
      value={String(options.findIndex((option) => option.value === value))}
      onChange={(event) => onChange(options[Number(event.currentTarget.value)]!.value)}
    />
  );
}
