import { NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import {
  findPreset,
  type PresetId,
  presetsFor,
  setupOfPreset,
} from '../../../experiment/setup/presets.ts';
import { findConfigs } from '../../../experiment/setup/setup.ts';
import { withData } from '../../../experiment/setup/setupData.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { estimateSeconds, formatEstimate } from '../training/estimate.ts';
import { useSpeed } from '../training/speed.ts';

const own = 'own';

/** Chooses among the presets; a setup that differs from all of them is the user's own. */
export function PresetChoice() {
  const lab = useLabActions();
  const setup = useLab((state) => state.setup);
  // This compares every preset, which is too slow for each change of the lab.
  const id = useMemo(() => findPreset(setup), [setup]);
  const { dataSet } = setup.shared;
  const presets = presetsFor(dataSet);
  const speed = useSpeed();
  const options = useMemo(
    () =>
      presetsFor(dataSet).map((one) => {
        const configs = speed === null ? null : findConfigs(withData(setupOfPreset(one), dataSet));
        const length = configs && formatEstimate(estimateSeconds(configs, speed!));
        return { value: one.id, label: length === null ? one.name : `${one.name} · ${length}` };
      }),
    [dataSet, speed],
  );
  const preset = presets.find((one) => one.id === id);
  return (
    <NativeSelect
      label="Preset"
      description={preset?.description ?? 'Custom settings. Choose a preset to start over.'}
      inputWrapperOrder={['label', 'input', 'description']}
      data={id === null ? [{ value: own, label: 'Custom' }, ...options] : options}
      value={id ?? own}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        if (chosen !== own) lab.choosePreset(chosen as PresetId);
      }}
    />
  );
}
