import { useMemo } from 'react';
import { drawableNetworks } from '../../experiment/runs/answering.ts';
import { useLabList } from '../../experiment/useLabList.ts';
import { styleOf, type RunStyle } from '../../ui/runStyles.ts';

/** A network that can predict drawings. */
export interface DrawnNetwork {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
}

/** Left out of the names, because Predictions.tsx says it once for all of them. */
const pretrainedSuffix = ' (pretrained)';

/** The networks that can be queried; the same objects until one is added, removed or renamed. */
export function useNetworks(): readonly DrawnNetwork[] {
  const networks = useLabList((state) =>
    drawableNetworks(state).map(({ id, name, paletteIndex }) => ({ id, name, paletteIndex })),
  );
  return useMemo(
    () =>
      networks.map(({ id, name, paletteIndex }) => ({
        id,
        name: name.replace(pretrainedSuffix, ''),
        runStyle: styleOf({ paletteIndex }),
      })),
    [networks],
  );
}
