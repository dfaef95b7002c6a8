import { RunSwatch } from '../../ui/charts/RunSwatch.tsx';
import styles from './Inside.module.css';
import { describeMoment } from './texts.ts';
import type { InsideNetwork } from './useNetworks.ts';

interface NetworkHeadingProps {
  readonly network: InsideNetwork;
  /** Weight updates before what is shown; null: nothing is shown yet. */
  readonly step: number | null;
}

/** Whose picture it is, and from when. */
export function NetworkHeading({ network, step }: NetworkHeadingProps) {
  return (
    <h3 className={styles.heading}>
      <RunSwatch look={network.look} />
      <span>{network.name}</span>
      {step !== null && (
        <span className={styles.moment} data-testid="network-moment" data-step={step}>
          {describeMoment(step, network.stepsPerEpoch)}
        </span>
      )}
    </h3>
  );
}
