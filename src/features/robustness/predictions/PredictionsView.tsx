import { type ReactNode, useRef } from 'react';
import { useInside } from '../../../experiment/inside/useInside.ts';
import { useInspectedNetworks, useShowing } from '../../../experiment/inside/useShown.ts';
import { hasColorImages } from '../../../experiment/runs/answering.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { ErrorNotice } from '../../../ui/ProblemNotice.tsx';
import { useOnScreen } from '../../../ui/useOnScreen.ts';
import styles from './Predictions.module.css';

/** Asks the networks for their predictions, clean and attacked, while it is visible. */
export function PredictionsView({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useOnScreen(place, useShowing('attackPredictions'));
  const networks = useInspectedNetworks();
  const isColored = useLab(hasColorImages);
  const error = useInside(({ attackPredictions }) => attackPredictions.error);
  return (
    <div ref={place}>
      <ErrorNotice title="The networks could not be evaluated" error={error} />
      {isColored ? (
        <p className={styles.note}>
          This view works for gray digits, and these networks take color images. Choose MNIST to see
          it.
        </p>
      ) : networks.length === 0 ? (
        <p className={styles.note}>
          No network is loaded yet. Press Train in the Lab, or wait until the pretrained ones are
          loaded.
        </p>
      ) : (
        children
      )}
    </div>
  );
}
