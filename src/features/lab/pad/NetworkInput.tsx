import { Button } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import type { NormalizationSteps } from '../../../experiment/drawing/grayLevels.ts';
import { isTransformed, noTransform } from '../../../digits/transform.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { PixelCanvas } from '../../../ui/images/PixelCanvas.tsx';
import { GrayCanvas } from './GrayCanvas.tsx';
import { PermutedInput } from './PermutedInput.tsx';
import styles from './Input.module.css';

/** The 28 × 28 pixels that the networks get, and on demand the steps that produce them from the drawing. */
export function NetworkInput() {
  const lab = useLabActions();
  const stepsId = useId();
  const stepsButton = useRef<HTMLButtonElement>(null);
  const [areStepsShown, setAreStepsShown] = useState(false);
  const input = useLab(({ drawing }) => drawing.input);
  const isChanged = useLab(({ drawing }) => isTransformed(drawing.transform));
  return (
    <div className={styles.input}>
      <h3 className={styles.title}>What the networks see</h3>
      <div className={styles.image}>
        {input === null ? (
          <PixelCanvas bytes={null} label="28 by 28 pixels, nothing drawn yet" />
        ) : (
          <DigitImage pixels={input} label="The drawing as 28 by 28 pixels" />
        )}
      </div>
      <p className={styles.note}>28 × 28, prepared like MNIST’s digits.</p>
      <PermutedInput />
      {isChanged && (
        <p className={styles.note}>
          Transformed.{' '}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              lab.drawing.setTransform(noTransform);
              stepsButton.current?.focus(); // this button disappears
            }}
          >
            Undo transform
          </Button>
        </p>
      )}
      <Button
        ref={stepsButton}
        variant="default"
        size="compact-sm"
        aria-expanded={areStepsShown}
        aria-controls={stepsId}
        onClick={() => setAreStepsShown(!areStepsShown)}
      >
        {areStepsShown ? 'Hide the steps' : 'Show the steps'}
      </Button>
      <div id={stepsId}>{areStepsShown && <Steps />}</div>
    </div>
  );
}

function Steps() {
  const pad = useLab(({ drawing }) => drawing.pad);
  const normalized = useLab(({ drawing }) => drawing.normalized);
  if (pad.base !== null && pad.strokes.length === 0) {
    return (
      <p className={styles.note}>
        This digit was put on the pad as 28 × 28 pixels and goes to the networks unchanged.
      </p>
    );
  }
  if (normalized?.kind !== 'digit') {
    return <p className={styles.note}>{normalized?.reason ?? 'Nothing is drawn yet.'}</p>;
  }
  const { cropped, scaled, shift, thickness }: NormalizationSteps = normalized.steps;
  return (
    <ol className={styles.steps}>
      <li>
        <GrayCanvas image={cropped} label="The drawing, cropped" />
        <span>
          <strong>Crop</strong> to the ink: {cropped.width} × {cropped.height}
        </span>
      </li>
      <li>
        <GrayCanvas image={scaled} label="The drawing, scaled" />
        <span>
          <strong>Scale</strong> into 20 × 20: {scaled.width} × {scaled.height}; strokes were{' '}
          {thickness.toFixed(1)} pixels thick
        </span>
      </li>
      <li>
        <DigitImage pixels={normalized.pixels} label="The drawing, centered" />
        <span>
          <strong>Center</strong> its mass in 28 × 28: {shift.dx} right, {shift.dy} down
        </span>
      </li>
    </ol>
  );
}
