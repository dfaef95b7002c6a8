import { useLab, useLabActions } from '../../lab/useLab.ts';
import { settings } from '../../shared/settings.ts';
import { ChoiceGroup } from '../../ui/ChoiceGroup.tsx';

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
