import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import { factsOf, heldOutCount } from '../../shared/dataSet.ts';
import type { EnginePreference } from '../../shared/metrics.ts';
import { findObstacle } from '../../lab/commands.ts';
import { isSettingUsed } from '../../lab/settings.ts';
import { findSharedErrors } from '../../lab/setup.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { formatCount } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import { advancedNumbers, choiceFields } from './fields.ts';
import { PermutedPixels } from './PermutedPixels.tsx';
import { NumberSetting } from './SettingField.tsx';
import styles from './Setup.module.css';

const engineOptions: { value: EnginePreference; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgl', label: 'WebGL' },
  { value: 'simd', label: 'WebAssembly SIMD' },
];

/** The settings that a first visit can do without, folded away. */
export function AdvancedSettings() {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const errorCount = useLab(({ setup }) => {
    const errors = findSharedErrors(setup);
    return advancedNumbers.filter((field) => errors[field]).length;
  });
  return (
    <div className={styles.advanced}>
      <div className={styles.foldRow}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronIcon />
          Advanced
        </button>
        {errorCount > 0 && (
          <span className={styles.foldError}>
            {errorCount === 1 ? '1 field to correct' : `${errorCount} fields to correct`}
          </span>
        )}
      </div>
      <div id={id} hidden={!isOpen} className={styles.advancedFields}>
        <Choices />
        {advancedNumbers.map((field) => (
          <NumberSetting key={field} field={field} />
        ))}
        <NewSeed />
        <Switches />
        <PermutedPixels />
        <EngineChoice />
      </div>
    </div>
  );
}

function Choices() {
  const lab = useLabActions();
  const loss = useLab((state) => state.setup.shared.loss);
  const optimizer = useLab((state) => state.setup.shared.optimizer);
  return (
    <>
      <ChoiceField
        {...choiceFields.loss}
        value={loss}
        onChange={(chosen) => lab.changeSettings({ loss: chosen })}
      />
      <ChoiceField
        {...choiceFields.optimizer}
        value={optimizer}
        onChange={(chosen) => lab.changeSettings({ optimizer: chosen })}
      />
    </>
  );
}

/** Also in the control bar, but for phones. */
function NewSeed() {
  const lab = useLabActions();
  const obstacle = useLab((state) => findObstacle(state, 'newSeed'));
  return (
    <Button
      variant="default"
      size="compact-sm"
      className={styles.newSeed}
      disabled={obstacle !== null}
      title={obstacle ?? undefined}
      onClick={() => lab.newSeed()}
    >
      Draw another seed
    </Button>
  );
}

function Switches() {
  const lab = useLabActions();
  const holdsOut = useLab((state) => state.setup.shared.holdOutValidation);
  const heldOut = useLab(({ setup }) =>
    formatCount(heldOutCount(factsOf(setup.shared.dataSet).trainingCount)),
  );
  const clips = useLab((state) => state.setup.shared.clipTrainingImages);
  const canClip = useLab((state) =>
    state.setup.entries.some(({ settings }) => isSettingUsed('clipTrainingImages', settings.draft)),
  );
  return (
    <>
      <Checkbox
        label="Hold out validation"
        description={`Measure on the last ${heldOut} training images instead of the test set.`}
        checked={holdsOut}
        onChange={(event) => lab.changeSettings({ holdOutValidation: event.currentTarget.checked })}
      />
      {canClip && (
        <Checkbox
          label="Clip training images"
          description="Keep perturbed pixels between 0 and 1; the paper does not."
          checked={clips}
          onChange={(event) =>
            lab.changeSettings({ clipTrainingImages: event.currentTarget.checked })
          }
        />
      )}
    </>
  );
}

/** Not a setting of the run: equal runs are equal on each engine, but for rounding. */
function EngineChoice() {
  const lab = useLabActions();
  const preference = useLab((state) => state.enginePreference);
  const obstacle = useLab((state) => findObstacle(state, 'chooseEngine'));
  const reason = useLab(({ engine }) => (engine.status === 'ready' ? engine.engine.reason : ''));
  return (
    <NativeSelect
      label="Computing engine"
      description={obstacle ?? reason}
      data={engineOptions}
      value={preference}
      disabled={obstacle !== null}
      onChange={(event) => lab.chooseEngine(event.currentTarget.value as EnginePreference)}
    />
  );
}
