import type { CSSProperties, ReactNode } from 'react';
import { RunName } from './charts/RunSwatch.tsx';
import styles from './NetworkGrid.module.css';
import { describeMoment } from './networks.ts';
import { styleOf } from './runStyles.ts';

interface NetworkGridProps {
  /** Least width of a column, in pixels. */
  readonly column: number;
  readonly children: ReactNode;
}

/** The same view of several networks side by side. */
export function NetworkGrid({ column, children }: NetworkGridProps) {
  return (
    <div className={styles.networks} style={{ '--column': `${column}px` } as CSSProperties}>
      {children}
    </div>
  );
}

interface NetworkSectionProps {
  readonly shown: {
    readonly network: {
      readonly name: string;
      readonly paletteIndex: number;
      /** Null for a pretrained network. */
      readonly stepsPerEpoch: number | null;
    };
    /** Weight updates before the moment that is shown. */
    readonly step: number;
  };
  readonly children: ReactNode;
}

/** A network's name, the moment at which it is shown, and what is shown of it. */
export function NetworkSection({ shown: { network, step }, children }: NetworkSectionProps) {
  const { name, stepsPerEpoch } = network;
  return (
    <section className={styles.network} aria-label={name}>
      <NetworkHeading>
        <RunName runStyle={styleOf(network)} name={name} />
        <span className={styles.moment} data-testid="network-moment" data-step={step}>
          {describeMoment(step, stepsPerEpoch)}
        </span>
      </NetworkHeading>
      {children}
    </section>
  );
}

/** A heading as high as those of the networks beside it. */
export function NetworkHeading({ children }: { readonly children: ReactNode }) {
  return <h3 className={styles.heading}>{children}</h3>;
}
