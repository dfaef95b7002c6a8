import { useLab, useLabActions } from '../../lab/useLab.ts';
import { ChoiceGroup } from '../../ui/ChoiceGroup.tsx';
import { choiceFields } from './fields.ts';

export function NetworkTypeChoice() {
  const lab = useLabActions();
  const value = useLab((state) => state.setup.shared.networkType);
  const { label, options } = choiceFields.networkType;
  return (
    <ChoiceGroup
      label={label}
      role="radiogroup"
      layout="row"
      choices={options}
      value={value}
      onChange={(networkType) => lab.changeSettings({ networkType })}
    />
  );
}
