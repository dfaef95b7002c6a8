import { TextInput } from '@mantine/core';
import { isSettingUsed, type TextSetting } from '../../lab/settings.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { numberFields } from './fields.ts';

/** One number of the settings; absent where the chosen method or network does not use it. */
export function NumberSetting({ field }: { readonly field: Exclude<TextSetting, 'hiddenLayers'> }) {
  const lab = useLabActions();
  const text = useLab((state) => state.settings.draft[field]);
  const error = useLab((state) => state.settings.errors[field]);
  const isUsed = useLab((state) => isSettingUsed(field, state.settings.draft));
  if (!isUsed) return null;
  return (
    <NumberField
      {...numberFields[field]}
      text={text}
      error={error}
      onChange={(typed) => lab.changeSettings({ [field]: typed })}
    />
  );
}

export function HiddenLayersField() {
  const lab = useLabActions();
  const text = useLab((state) => state.settings.draft.hiddenLayers);
  const error = useLab((state) => state.settings.errors.hiddenLayers);
  return (
    <TextInput
      label="Hidden layers"
      description="Units of each layer, for example 400, 400"
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      autoComplete="off"
      spellCheck={false}
      value={text}
      error={error}
      onChange={(event) => lab.changeSettings({ hiddenLayers: event.currentTarget.value })}
    />
  );
}
