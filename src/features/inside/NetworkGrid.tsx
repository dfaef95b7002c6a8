import type { CSSProperties, ReactNode } from 'react';
import { RunName } from '../../ui/charts/RunSwatch.tsx';
import styles from './Inside.module.css';
import { describeMoment } from './texts.ts';
import type { InsideNetwork } from './useNetworks.ts';

interface NetworkGridProps {
  /** Least width of a column, in pixels. */
  readonly column: number;
  readonly children: ReactNode;
}

export function NetworkGrid({ column, children }: NetworkGridProps) {
  return (
    <div className={styles.networks} style={{ '--column': `${column}px` } as CSSProperties}>
      {children}
    </div>
  );
}

interface NetworkSectionProps {
  readonly shown: {
    readonly network: InsideNetwork;
    /** Weight updates before the moment that is shown. */
    readonly step: number;
  };
  readonly children: ReactNode;
}

/** A network's name, the moment at which it is shown, and what is shown of it. */
export function NetworkSection({ shown: { network, step }, children }: NetworkSectionProps) {
  const { name, runStyle, stepsPerEpoch } = network;
  return (
    <section className={styles.network} aria-label={name}>
      <h3 className={styles.heading}>
        <RunName runStyle={runStyle} name={name} />
        <span className={styles.moment} data-testid="network-moment" data-step={step}>
          {describeMoment(step, stepsPerEpoch)}
        </span>
      </h3>
      {children}
    </section>
  );
}
