import { Button, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { classesOf, nameAnswer, nameClass } from '../../domain/dataSet.ts';
import { findDrawnLabel, findSelectedDigit } from '../../experiment/selectedDigit.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import styles from './Inside.module.css';

/** Chooses the digit that the networks are queried with: a test digit or the drawing on the pad. */
export function DigitChoice() {
  const lab = useLabActions();
  const selected = useLab((state) => state.selectedDigit);
  const testIndex = useLab((state) =>
    state.selectedDigit.kind === 'test' ? findSelectedDigit(state)?.index : undefined,
  );
  const dataSet = useLab(({ customData }) => customData.loaded);
  const classes = classesOf(dataSet);
  const images = useLab((state) => state.examples.images);
  const hasFailed = useLab((state) => state.examples.error !== null);
  const drawn = useLab((state) => state.drawing.input);
  const drawnLabel = useLab((state) => findDrawnLabel(state.drawing) ?? 0);
  const [page, setPage] = useState(0);
  const digits = useMemo(() => {
    if (images === null) return [];
    return classesOf(dataSet).flatMap((digit) => {
      const places = Array.from(images.labels.keys()).filter((i) => images.labels[i] === digit);
      const isSelected = page === 0 && places.includes(testIndex ?? -1);
      const index = isSelected ? testIndex : places[page % Math.max(1, places.length)];
      if (index === undefined) return [];
      return [{ digit, index, pixels: images.images.subarray(784 * index, 784 * (index + 1)) }];
    });
  }, [dataSet, images, page, testIndex]);
  if (images === null && drawn === null) {
    return (
      <p className={styles.note}>
        {hasFailed
          ? 'The test images could not be loaded. You can draw a digit instead.'
          : 'Loading the test images…'}
      </p>
    );
  }
  return (
    <div className={styles.digitChoice} role="group" aria-label="Digit">
      <ul className={styles.digits}>
        {digits.map(({ digit, index, pixels }) => (
          <DigitButton
            key={digit}
            label={
              dataSet === null ? `Test digit ${digit}` : `Test image, ${nameClass(dataSet, digit)}`
            }
            pixels={pixels}
            isPressed={index === testIndex}
            onPress={() => lab.selectDigit({ kind: 'test', index })}
          />
        ))}
        {drawn !== null && (
          <DigitButton
            label="The drawing"
            pixels={drawn}
            isPressed={selected.kind === 'drawing'}
            onPress={() => lab.selectDigit({ kind: 'drawing', drawnLabel: null })}
          />
        )}
      </ul>
      <Button variant="subtle" size="compact-sm" onClick={() => setPage(page + 1)}>
        Others
      </Button>
      {selected.kind === 'drawing' && (
        <NativeSelect
          label="The drawing is"
          value={String(selected.drawnLabel ?? drawnLabel)}
          onChange={(event) => lab.selectDigit({ drawnLabel: Number(event.currentTarget.value) })}
          data={classes.map((digit) => ({
            value: String(digit),
            label: nameAnswer(dataSet, digit),
          }))}
        />
      )}
    </div>
  );
}

interface DigitButtonProps {
  readonly label: string;
  readonly pixels: Float32Array;
  readonly isPressed: boolean;
  readonly onPress: () => void;
}

function DigitButton({ label, pixels, isPressed, onPress }: DigitButtonProps) {
  return (
    <li>
      <button
        type="button"
        className={styles.digitButton}
        aria-pressed={isPressed}
        aria-label={label}
        onClick={onPress}
      >
        <DigitImage pixels={pixels} label={label} />
      </button>
    </li>
  );
}
