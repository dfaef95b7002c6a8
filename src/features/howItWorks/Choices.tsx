import { Button, NativeSelect } from '@mantine/core';
import { useId, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { classesOf, imageWord, nameClass } from '../../domain/dataSet.ts';
import { answeringNetworks } from '../../experiment/runs/answering.ts';
import {
  type EpsilonOwner,
  inspectedNetwork,
  trainingEpsilonOf,
} from '../../experiment/inspection/inspectedQuestion.ts';
import { findSelectedDigit, pixelsOf } from '../../experiment/selectedDigit.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { useLabList } from '../../experiment/useLabList.ts';
import type { LabState } from '../../experiment/state.ts';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { formatEpsilon } from '../../ui/format.ts';
import { RangeSlider } from '../../ui/fields/RangeSlider.tsx';
import styles from './Choices.module.css';

/** Number of test digits to choose from: the first that the examples have loaded, and the selected one. */
const offeredDigits = 10;
const largestEpsilon = 0.5;

/** The network whose weights the step starts from. */
export function NetworkChoice() {
  const lab = useLabActions();
  const options = useLabList((state) =>
    answeringNetworks(state).map(({ id, name }) => ({ value: id, label: name })),
  );
  const value = useLab((state) => inspectedNetwork(state)?.id ?? '');
  return (
    <NativeSelect
      label="Weights of"
      data={options}
      value={value}
      onChange={(event) =>
        lab.inspection.choose({ networkId: event.currentTarget.value, epsilon: null })
      }
    />
  );
}

export function DigitChoice() {
  const lab = useLabActions();
  const name = useId();
  const dataSet = useLab(({ customData }) => customData.loaded);
  const images = useLab((state) => state.examples.images);
  const drawing = useLab((state) => state.drawing.input);
  const { kind, drawnLabel } = useLab((state) => state.selectedDigit);
  const testIndex = useLab((state) =>
    state.selectedDigit.kind === 'test' ? findSelectedDigit(state)?.index : undefined,
  );
  const offered = useMemo(
    () =>
      Array.from(images?.labels ?? [], (label, index) => ({ label, index }))
        .filter(({ index }) => index < offeredDigits || index === testIndex)
        .map((digit) => ({ ...digit, pixels: pixelsOf({ images: images!.images, ...digit }) })),
    [images, testIndex],
  );
  return (
    <fieldset className={styles.digits}>
      <legend>{dataSet === null ? 'Digit' : 'Image'}</legend>
      <div className={styles.row}>
        {offered.map(({ index, label, pixels }) => (
          <label key={index} className={styles.digit}>
            <input
              type="radio"
              name={name}
              aria-label={`Test ${imageWord(dataSet)} ${nameClass(dataSet, label)}, number ${index + 1}`}
              checked={index === testIndex}
              onChange={() => lab.selectDigit({ kind: 'test', index })}
            />
            <DigitImage
              pixels={pixels}
              label={dataSet === null ? `A ${label}` : nameClass(dataSet, label)}
            />
          </label>
        ))}
        <label className={styles.digit} data-empty={drawing === null || undefined}>
          <input
            type="radio"
            name={name}
            aria-label={drawing === null ? 'Your drawing: nothing is drawn yet' : 'Your drawing'}
            disabled={drawing === null}
            checked={kind === 'drawing'}
            onChange={() => lab.selectDigit({ kind: 'drawing' })}
          />
          {drawing === null ? (
            <span className={styles.hint}>Draw one in the Lab</span>
          ) : (
            <DigitImage pixels={drawing} label="Your drawing" />
          )}
        </label>
        {kind === 'drawing' && (
          <NativeSelect
            aria-label="Label of the drawing"
            className={styles.label}
            data={[
              { value: '', label: 'Label: as predicted' },
              ...classesOf(dataSet).map((label) => ({
                value: String(label),
                label: `Label: ${nameClass(dataSet, label)}`,
              })),
            ]}
            value={drawnLabel ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              lab.selectDigit({ drawnLabel: value === '' ? null : Number(value) });
            }}
          />
        )}
      </div>
    </fieldset>
  );
}

const owners: Readonly<Record<EpsilonOwner, { readonly as: string; readonly of: string }>> = {
  run: { as: 'As the run trains.', of: 'the run’s' },
  experiment: { as: 'As an adversarial run of this experiment trains.', of: 'the experiment’s' },
  setup: { as: 'As the setup’s adversarial run would train.', of: 'the setup’s' },
};

/** The ε of the step: the run's own, or one that the user tries. */
export function EpsilonChoice() {
  const lab = useLabActions();
  const trained = useLab(
    useShallow((state: LabState) => {
      const network = inspectedNetwork(state);
      return network && trainingEpsilonOf(state, network);
    }),
  );
  const tried = useLab((state) => state.inspection.epsilon);
  if (trained === null) return null;
  const { epsilon: own, owner } = trained;
  return (
    <div className={styles.epsilon}>
      <RangeSlider
        label="Training ε"
        value={tried ?? own}
        min={0}
        max={Math.max(largestEpsilon, own)}
        step={0.01}
        format={formatEpsilon}
        onChange={(value) => lab.inspection.choose({ epsilon: value === own ? null : value })}
      />
      {tried === null ? (
        <span className={styles.whose}>{owners[owner].as}</span>
      ) : (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => lab.inspection.choose({ epsilon: null })}
        >
          Back to {owners[owner].of} {formatEpsilon(own)}
        </Button>
      )}
    </div>
  );
}
