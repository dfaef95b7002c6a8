import { Checkbox, NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import type { Loss, OptimizerName } from '../../shared/config.ts';
import type { EnginePreference } from '../../shared/metrics.ts';
import { findObstacle } from '../../lab/commands.ts';
import { isSettingUsed } from '../../lab/settings.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { advancedNumbers } from './fields.ts';
import { NumberSetting } from './SettingField.tsx';
import styles from './Setup.module.css';

const lossOptions: { value: Loss; label: string }[] = [
  { value: 'bce', label: 'Sigmoid, binary cross-entropy' },
  { value: 'ce', label: 'Softmax, cross-entropy' },
];
const optimizerOptions: { value: OptimizerName; label: string }[] = [
  { value: 'sgd', label: 'SGD' },
  { value: 'momentum', label: 'Momentum' },
  { value: 'rmsprop', label: 'RMSprop' },
  { value: 'adam', label: 'Adam' },
];

const engineOptions: { value: EnginePreference; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgl', label: 'WebGL' },
  { value: 'simd', label: 'WebAssembly SIMD' },
];

/** The settings that a first visit can do without, folded away. */
export function AdvancedSettings() {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const errorCount = useLab(
    ({ settings }) => advancedNumbers.filter((field) => settings.errors[field]).length,
  );
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
      <div id={id} hidden={!isOpen} className={styles.fields}>
        <Choices />
        {advancedNumbers.map((field) => (
          <NumberSetting key={field} field={field} />
        ))}
        <Switches />
        <EngineChoice />
      </div>
    </div>
  );
}

function Choices() {
  const lab = useLabActions();
  const loss = useLab((state) => state.settings.draft.loss);
  const optimizer = useLab((state) => state.settings.draft.optimizer);
  return (
    <>
      <NativeSelect
        label="Outputs and loss"
        data={lossOptions}
        value={loss}
        onChange={(event) => lab.changeSettings({ loss: event.currentTarget.value as Loss })}
      />
      <NativeSelect
        label="Optimizer"
        data={optimizerOptions}
        value={optimizer}
        onChange={(event) =>
          lab.changeSettings({ optimizer: event.currentTarget.value as OptimizerName })
        }
      />
    </>
  );
}

function Switches() {
  const lab = useLabActions();
  const holdsOut = useLab((state) => state.settings.draft.holdOutValidation);
  const clips = useLab((state) => state.settings.draft.clipTrainingImages);
  const canClip = useLab((state) => isSettingUsed('clipTrainingImages', state.settings.draft));
  return (
    <>
      <Checkbox
        label="Hold out validation"
        description="Measure on the last 10,000 training images instead of the test set."
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
