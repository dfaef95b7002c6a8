import { useMemo } from 'react';
import { drawableNetworks } from '../../../experiment/runs/answering.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { drawPixelOrder, permutePixels } from '../../../domain/pixelOrder.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import styles from './Input.module.css';

/** The drawing as networks trained on permuted pixels get it; nothing if there are no such networks. */
export function PermutedInput() {
  const input = useLab(({ drawing }) => drawing.input);
  const seed = useLab(
    (state) =>
      drawableNetworks(state).find(({ config }) => config.permutationSeed !== null)?.config
        .permutationSeed ?? null,
  );
  const permuted = useMemo(
    () => input && permutePixels(input, drawPixelOrder(seed, input.length)),
    [input, seed],
  );
  if (seed === null || permuted === null) return null;
  return (
    <>
      <div className={styles.image}>
        <DigitImage pixels={permuted} label="The drawing with its pixels permuted" />
      </div>
      <p className={styles.note}>
        The same pixels in the order in which the networks get them (permutation {seed}).
      </p>
    </>
  );
}
