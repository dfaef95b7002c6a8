import { useMemo } from 'react';
import { answeringNetworks } from '../../experiment/runs/answering.ts';
import { useLabList } from '../../experiment/useLabList.ts';
import { lookOf, type RunLook } from '../../ui/runLooks.ts';

/** A network that can be looked into. */
export interface InsideNetwork {
  readonly id: string;
  readonly name: string;
  readonly look: RunLook;
  /** Null for a network that came with the page: it does not train. */
  readonly stepsPerEpoch: number | null;
}

/** Said once above all of them, not with every name. */
const pretrainedSuffix = ' (pretrained)';

/** The networks that can be asked; the same objects until one comes, goes or is renamed. */
export function useNetworks(): readonly InsideNetwork[] {
  const networks = useLabList((state) =>
    answeringNetworks(state).map((network) => ({
      id: network.id,
      name: network.name,
      slot: network.slot,
      stepsPerEpoch: 'progress' in network ? (network.progress?.stepsPerEpoch ?? null) : null,
    })),
  );
  return useMemo(
    () =>
      networks.map(({ slot, name, ...rest }) => ({
        ...rest,
        name: name.replace(pretrainedSuffix, ''),
        look: lookOf({ slot }),
      })),
    [networks],
  );
}
