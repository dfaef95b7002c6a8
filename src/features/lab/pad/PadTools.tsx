import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { classCountOf, nameClass } from '../../../domain/dataSet.ts';
import { firstDigits } from '../../../experiment/drawing/firstScreen.ts';
import { isPadEmpty } from '../../../experiment/drawing/pad.ts';
import {
  loadTestDigits,
  shownClasses,
  type TestDigit,
} from '../../../experiment/drawing/testDigits.ts';
import { testCountOf } from '../../../experiment/runs/wholeCount.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { PixelCanvas } from '../../../ui/images/PixelCanvas.tsx';
import styles from './Pad.module.css';
import { SteadyButton } from '../../../ui/fields/SteadyButton.tsx';

/** Under the pad: takes back a change, or all. */
export function PadTools() {
  const lab = useLabActions();
  const canUndo = useLab(({ drawing }) => drawing.past.length > 0);
  const isEmpty = useLab(({ drawing }) => isPadEmpty(drawing.pad));
  return (
    <div className={styles.tools}>
      <SteadyButton isAvailable={canUndo} onPress={() => lab.drawing.undo()}>
        Undo
      </SteadyButton>
      <SteadyButton isAvailable={!isEmpty} onPress={() => lab.drawing.clear()}>
        Clear
      </SteadyButton>
    </div>
  );
}

const firstTestDigits = firstDigits.map((pixels, digit): TestDigit => ({ digit, pixels }));

/** One test digit of each class, to put on the pad and draw over, and a button that brings others. */
export function TestDigits() {
  const lab = useLabActions();
  const isLoaded = useLab(({ data }) => data.test.status === 'ready');
  const available = useLab(testCountOf);
  const [page, setPage] = useState(0);
  const dataSet = useLab(({ customData }) => customData.loaded);
  const isMnist = dataSet === null;
  const classes = classCountOf(dataSet);
  const [loaded, setLoaded] = useState<readonly TestDigit[] | null>(null);
  const digits = isMnist && page === 0 ? firstTestDigits : loaded;
  useEffect(() => {
    if (!isLoaded || (isMnist && page === 0)) return;
    const client = lab.getClient();
    if (client === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    loadTestDigits(client, page, available, signal).then(
      (found) => signal.aborted || setLoaded(found),
      () => undefined, // the examples panel says why there are no test images
    );
    return () => controller.abort();
  }, [lab, isLoaded, page, available, isMnist]);
  if (digits?.length === 0) return null;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        className={styles.others}
        onClick={() => setPage(page + 1)}
      >
        Other {isMnist ? 'digits' : 'images'}
      </Button>
      <ul className={styles.digits}>
        {digits === null
          ? // Reserve their space, so that nothing moves when they load.
            Array.from({ length: Math.min(classes, shownClasses) }, (_, place) => (
              <li key={place} aria-hidden="true">
                <PixelCanvas bytes={null} label="" />
              </li>
            ))
          : digits.map(({ digit, pixels }) => (
              <li key={digit}>
                <button
                  type="button"
                  className={styles.digit}
                  aria-label={`Put a test ${isMnist ? digit : `image, ${nameClass(dataSet, digit)},`} on the pad`}
                  onClick={() => lab.drawing.place(pixels)}
                >
                  <DigitImage
                    pixels={pixels}
                    label={isMnist ? `Test digit ${digit}` : nameClass(dataSet, digit)}
                  />
                </button>
              </li>
            ))}
      </ul>
    </>
  );
}
