import { NativeSelect } from '@mantine/core';

interface ChoiceFieldProps {
  readonly label: string;
  /** The label of each value, in the order of display. */
  readonly labels: ReadonlyMap<unknown, string>;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** A setting with a few values of any type. */
export function ChoiceField({ label, labels, value, onChange }: ChoiceFieldProps) {
  const values = [...labels.keys()];
  return (
    <NativeSelect
      label={label}
      data={[...labels.values()].map((text, index) => ({ value: String(index), label: text }))}
      value={String(values.indexOf(value))}
      onChange={(event) => onChange(values[Number(event.currentTarget.value)])}
    />
  );
}
