import { useMemo } from 'react';
import { answeringNetworks } from '../../experiment/runs/answering.ts';
import { useLabList } from '../../experiment/useLabList.ts';
import { styleOf, type RunStyle } from '../../ui/runStyles.ts';

/** A network that can be inspected. */
export interface InsideNetwork {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
  /** Null for a pretrained network, which does not train. */
  readonly stepsPerEpoch: number | null;
}

/** Left out of the names, because the panel says it once for all of them. */
const pretrainedSuffix = ' (pretrained)';

/** The networks that can be queried; the same objects until one is added, removed or renamed. */
export function useNetworks(): readonly InsideNetwork[] {
  const networks = useLabList((state) =>
    answeringNetworks(state).map((network) => ({
      id: network.id,
      name: network.name,
      paletteIndex: network.paletteIndex,
      stepsPerEpoch: 'progress' in network ? (network.progress?.stepsPerEpoch ?? null) : null,
    })),
  );
  return useMemo(
    () =>
      networks.map(({ paletteIndex, name, ...rest }) => ({
        ...rest,
        name: name.replace(pretrainedSuffix, ''),
        runStyle: styleOf({ paletteIndex }),
      })),
    [networks],
  );
}
