import { imageWord, nameClass } from '../../domain/dataSet.ts';
import { memo } from 'react';
import { findDisabledReason } from '../../experiment/training/commands.ts';
import { describeTrain } from '../../experiment/training/describeTrain.ts';
import type { LabState } from '../../experiment/state.ts';
import { findExperimentStatus, isBeforeFirstUpdate, type Run } from '../../experiment/runs/run.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { useLabList } from '../../experiment/useLabList.ts';
import { methodFacts } from '../../domain/settings/methods.ts';
import { RunName } from '../../ui/charts/RunSwatch.tsx';
import { CommandButton } from '../../ui/fields/CommandButton.tsx';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { formatCount } from '../../ui/format.ts';
import { Info } from '../../ui/Info.tsx';
import { HalfStepIcon, PlayIcon } from '../../ui/icons.tsx';
import { styleOf } from '../../ui/runStyles.ts';
import styles from './HalfStep.module.css';

/** The experiment's own step in two halves: every run's actual next mini-batch before and after the first half. */
export function HalfStep() {
  const lab = useLabActions();
  const disabledReason = useLab((state) => findDisabledReason(state, 'halfStep'));
  const isFirst = useLab((state) => state.pretrained.length > 0 && isBeforeFirstUpdate(state.runs));
  // The same list while only the progress of the runs changes.
  const runs = useLabList((state) =>
    state.runs.flatMap(({ id, name, paletteIndex, config, prepared }) =>
      prepared === null ? [] : [{ id, name, paletteIndex, config, prepared }],
    ),
  );
  const isPrepared = runs.length > 0;
  return (
    <>
      <div className={styles.text}>
        <p
          aria-live="polite"
          data-testid="half-step-status"
          data-prepared={isPrepared || undefined}
          data-untrained={(isPrepared && isFirst) || undefined}
        >
          {isPrepared
            ? `Inputs are crafted, and no weight has changed yet.${
                isFirst ? ' These untrained networks now replace the pretrained ones.' : ''
              }`
            : (disabledReason ??
              'Craft the inputs of the next mini-batch, then update the weights.')}
        </p>{' '}
        <Info label="About half a step">
          <p>
            A training step has two halves: each run crafts the inputs that it trains on, then
            updates its weights with their gradient.
          </p>
          <p>Together they are exactly one training step.</p>
        </Info>
      </div>
      <div className={styles.commands}>
        <CommandButton
          label={isPrepared ? 'Update weights' : 'Craft inputs'}
          icon={<HalfStepIcon />}
          isAlwaysNamed
          isAvailable={disabledReason === null}
          onPress={() => lab.halfStep()}
        />
        <TrainLonger />
      </div>
      {runs.map((run) => (
        <Prepared key={run.id} run={run} />
      ))}
    </>
  );
}

/** Where no step is left to halve, the command that makes room for more. */
function TrainLonger() {
  const lab = useLabActions();
  const label = useLab((state) => (canTrainLonger(state) ? describeTrain(state) : null));
  if (label === null) return null;
  return (
    <CommandButton
      label={label}
      icon={<PlayIcon />}
      isAlwaysNamed
      isPrimary
      isAvailable
      onPress={() => lab.train()}
    />
  );
}

function canTrainLonger(state: LabState): boolean {
  return (
    findDisabledReason(state, 'halfStep') !== null &&
    findExperimentStatus(state.runs) === 'finished' &&
    findDisabledReason(state, 'train') === null
  );
}

interface PreparedRun extends Pick<Run, 'name' | 'paletteIndex' | 'config'> {
  readonly prepared: NonNullable<Run['prepared']>;
}

/** Some images of the mini-batch: the clean ones above, the ones used for training below. */
const Prepared = memo(function Prepared({ run }: { readonly run: PreparedRun }) {
  const { name, config, prepared } = run;
  const { images, inputs, labels, batchSize, step } = prepared;
  const shown = inputs.length / 784;
  const cut = (all: Float32Array, index: number): Float32Array =>
    all.slice(784 * index, 784 * (index + 1));
  return (
    <div className={styles.run} role="group" aria-label={`${name}, half a step`}>
      <RunName
        runStyle={styleOf(run)}
        name={
          <>
            <strong>{name}</strong>, step {formatCount(step + 1)}: its {batchSize} images{' '}
            {methodFacts[config.method].firstHalf}.{shown < batchSize && ` The first ${shown}:`}
          </>
        }
      />
      <ul className={styles.images}>
        {Array.from({ length: shown }, (_, index) => (
          <li key={index}>
            <DigitImage
              pixels={cut(images, index)}
              label={`Training ${imageWord(config.dataSet)} ${nameClass(config.dataSet, labels[index]!)}`}
            />
            <DigitImage
              pixels={cut(inputs, index)}
              label={`What ${name} trains on for this ${config.dataSet === null ? labels[index]! : 'image'}`}
            />
          </li>
        ))}
      </ul>
    </div>
  );
});
