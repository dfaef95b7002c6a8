import { useMemo } from 'react';
import { drawableNetworks } from '../../experiment/runs/answering.ts';
import { useLabList } from '../../experiment/useLabList.ts';
import { lookOf, type RunLook } from '../../ui/runLooks.ts';

/** A network that drawings can be shown to. */
export interface DrawnNetwork {
  readonly id: string;
  readonly name: string;
  readonly look: RunLook;
}

/** Said once beside all of them (Predictions.tsx), not with every name. */
const pretrainedSuffix = ' (pretrained)';

/** The networks that can be asked; the same objects until one comes, goes or is renamed. */
export function useNetworks(): readonly DrawnNetwork[] {
  const networks = useLabList((state) =>
    drawableNetworks(state).map(({ id, name, slot }) => ({ id, name, slot })),
  );
  return useMemo(
    () =>
      networks.map(({ id, name, slot }) => ({
        id,
        name: name.replace(pretrainedSuffix, ''),
        look: lookOf({ slot }),
      })),
    [networks],
  );
}
