import { Button, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useInside } from '../../lab/inside/useInside.ts';
import { findSubject } from '../../lab/inside/subject.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { DigitImage } from '../../ui/DigitImage.tsx';
import styles from './Inside.module.css';

const classes = Array.from({ length: 10 }, (_, digit) => digit);

/** Whether there is a digit to ask about: test images that are loaded, or a drawing. */
export function useHasSubject(): boolean {
  const subject = useInside((state) => state.choices.subject);
  return useLab((state) => findSubject(subject, state) !== null);
}

/** Which digit networks are asked about: a test digit, or what is drawn on the pad. */
export function SubjectChoice() {
  const { inside } = useLabActions();
  const subject = useInside((state) => state.choices.subject);
  const images = useLab((state) => state.examples.images);
  const hasFailed = useLab((state) => state.examples.error !== null);
  const drawn = useLab((state) => state.drawing.input);
  const drawnLabel = useLab(
    (state) => findSubject({ kind: 'drawing', label: null }, state)?.label ?? 0,
  );
  const [turn, setTurn] = useState(0);
  const digits = useMemo(() => {
    if (images === null) return [];
    return classes.flatMap((digit) => {
      const places = Array.from(images.labels.keys()).filter((i) => images.labels[i] === digit);
      const index = places[turn % Math.max(1, places.length)];
      if (index === undefined) return [];
      return [{ digit, index, pixels: images.images.subarray(784 * index, 784 * (index + 1)) }];
    });
  }, [images, turn]);
  if (images === null && drawn === null) {
    return (
      <p className={styles.note}>
        {hasFailed
          ? 'The test images could not be loaded. Draw a digit: the networks can be asked about it.'
          : 'Loading the test images…'}
      </p>
    );
  }
  return (
    <div className={styles.subject} role="group" aria-label="Digit to look at">
      <ul className={styles.subjects}>
        {digits.map(({ digit, index, pixels }) => (
          <li key={digit}>
            <button
              type="button"
              className={styles.subjectButton}
              aria-pressed={subject.kind === 'test' && subject.index === index}
              aria-label={`Test digit ${digit}`}
              onClick={() => inside.choose({ subject: { kind: 'test', index } })}
            >
              <DigitImage pixels={pixels} label={`Test digit ${digit}`} />
            </button>
          </li>
        ))}
        {drawn !== null && (
          <li>
            <button
              type="button"
              className={styles.subjectButton}
              aria-pressed={subject.kind === 'drawing'}
              aria-label="The drawing"
              onClick={() => inside.choose({ subject: { kind: 'drawing', label: null } })}
            >
              <DigitImage pixels={drawn} label="The drawing" />
            </button>
          </li>
        )}
      </ul>
      <Button variant="subtle" size="compact-sm" onClick={() => setTurn(turn + 1)}>
        Others
      </Button>
      {subject.kind === 'drawing' && (
        <NativeSelect
          label="The drawing is"
          value={String(subject.label ?? drawnLabel)}
          onChange={(event) =>
            inside.choose({
              subject: { kind: 'drawing', label: Number(event.currentTarget.value) },
            })
          }
          data={classes.map((digit) => ({ value: String(digit), label: `a ${digit}` }))}
        />
      )}
    </div>
  );
}
