import type { NetworkType } from '../../shared/config.ts';
import { networkTypes } from '../../shared/config.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { ChoiceGroup } from '../../ui/ChoiceGroup.tsx';

const networkNames: Record<NetworkType, string> = {
  logistic: 'Logistic',
  tanh: 'Tanh',
  relu: 'ReLU',
  maxout: 'Maxout',
};

export function NetworkTypeChoice() {
  const lab = useLabActions();
  const value = useLab((state) => state.setup.shared.networkType);
  return (
    <ChoiceGroup
      label="Network type"
      role="radiogroup"
      layout="row"
      choices={networkTypes.map((type) => ({ value: type, label: networkNames[type] }))}
      value={value}
      onChange={(networkType) => lab.changeSettings({ networkType })}
    />
  );
}
