import { TextInput } from '@mantine/core';
import { isSettingUsed, type TextSetting } from '../../lab/settings.ts';
import { findSharedErrors } from '../../lab/setup.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { factsOf } from '../../shared/dataSet.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { numberFieldOf } from './fields.ts';

/** One shared number; absent where no run uses it. */
export function NumberSetting({ field }: { readonly field: Exclude<TextSetting, 'hiddenLayers'> }) {
  const lab = useLabActions();
  const text = useLab((state) => state.setup.shared[field]);
  const error = useLab((state) => findSharedErrors(state.setup)[field]);
  const isUsed = useLab((state) =>
    state.setup.entries.some(({ settings }) => isSettingUsed(field, settings.draft)),
  );
  const available = useLab((state) => factsOf(state.setup.shared.dataSet).trainingCount);
  if (!isUsed) return null;
  return (
    <NumberField
      {...numberFieldOf(field, available)}
      text={text}
      error={error}
      onChange={(typed) => lab.changeSettings({ [field]: typed })}
    />
  );
}

export function HiddenLayersField() {
  const lab = useLabActions();
  const text = useLab((state) => state.setup.shared.hiddenLayers);
  const error = useLab((state) => findSharedErrors(state.setup).hiddenLayers);
  return (
    <LayersInput
      text={text}
      error={error}
      onChange={(hiddenLayers) => lab.changeSettings({ hiddenLayers })}
    />
  );
}

interface LayersInputProps {
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

export function LayersInput({ text, error, onChange }: LayersInputProps) {
  return (
    <TextInput
      label="Hidden layers"
      description="Units of each layer, for example 400, 400"
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      autoComplete="off"
      spellCheck={false}
      value={text}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
