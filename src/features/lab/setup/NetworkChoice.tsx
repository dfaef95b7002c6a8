import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { settings } from '../../../domain/settings/settings.ts';
import { ChoiceGroup } from '../../../ui/fields/ChoiceGroup.tsx';

export function NetworkTypeChoice() {
  const lab = useLabActions();
  const value = useLab((state) => state.setup.shared.networkType);
  const { label, labels } = settings.networkType;
  return (
    <ChoiceGroup
      label={label}
      role="radiogroup"
      layout="row"
      choices={[...labels].map(([type, text]) => ({ value: type, label: text }))}
      value={value}
      onChange={(networkType) => lab.changeSettings({ networkType })}
    />
  );
}
