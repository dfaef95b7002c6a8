import { Button } from '@mantine/core';
import type { ShownRun } from './ExampleDigit.tsx';
import styles from './Examples.module.css';

interface PixelPlacesProps {
  readonly runs: readonly ShownRun[];
  /** Whether attacked images are shown with their pixels in the original order. */
  readonly isRestored: boolean;
  readonly onChange: (isRestored: boolean) => void;
}

/** Says that some networks get their pixels in another order, if any do, and lets the user change the display. */
export function PixelPlaces({ runs, isRestored, onChange }: PixelPlacesProps) {
  const permuted = runs.filter(({ permutationSeed }) => permutationSeed !== null);
  if (permuted.length === 0) return null;
  const whose =
    permuted.length === runs.length
      ? 'The networks get'
      : `${permuted.map(({ name }) => name).join(', ')} ${permuted.length > 1 ? 'get' : 'gets'}`;
  return (
    <p className={styles.note}>
      {`${whose} all pixels in one fixed random order. Perturbations and perturbed images are shown `}
      {isRestored ? 'with every pixel back in its place. ' : 'as the network sees them. '}
      <Button variant="subtle" size="compact-sm" onClick={() => onChange(!isRestored)}>
        {isRestored ? 'Show them as the network sees them' : 'Show every pixel in its place'}
      </Button>
    </p>
  );
}
