import { RunSwatch } from '../../ui/charts/RunSwatch.tsx';
import styles from './Inside.module.css';
import { describeMoment } from './texts.ts';
import type { InsideNetwork } from './useNetworks.ts';

interface NetworkHeadingProps {
  readonly network: InsideNetwork;
  /** Weight updates before the result that is shown, or null when nothing is shown yet. */
  readonly step: number | null;
}

/** Names the network of a picture and the moment at which it was made. */
export function NetworkHeading({ network, step }: NetworkHeadingProps) {
  return (
    <h3 className={styles.heading}>
      <RunSwatch runStyle={network.runStyle} />
      <span>{network.name}</span>
      {step !== null && (
        <span className={styles.moment} data-testid="network-moment" data-step={step}>
          {describeMoment(step, network.stepsPerEpoch)}
        </span>
      )}
    </h3>
  );
}
