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
      <ErrorNotice title="The networks could not be asked" error={error} />
      {isColored ? (
        <p className={styles.note}>
          This view is made for gray digits, and these networks take images in color.
        </p>
      ) : networks.length === 0 ? (
        <p className={styles.note}>
          There is no network to ask yet. Train in the Lab, or wait for the pretrained ones.
        </p>
      ) : (
        children
      )}
    </div>
  );
}
