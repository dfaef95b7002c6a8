import { useMemo } from 'react';
import type { CustomData } from '../../../domain/dataSet.ts';
import { methodFacts } from '../../../domain/settings/methods.ts';
import { type AnsweringNetwork, drawableNetworks } from '../../../experiment/runs/answering.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { useLabList } from '../../../experiment/useLabList.ts';
import { styleOf, type RunStyle } from '../../../ui/runStyles.ts';

/** A network that can predict drawings. */
export interface DrawnNetwork {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
}

const pretrainedSuffix = ' (pretrained)';

/** A network's name beside the pad: of one that comes with the page, its method alone. */
export function drawnName({ name, config: { method } }: AnsweringNetwork): string {
  return name.endsWith(pretrainedSuffix) ? methodFacts[method].shortName : name;
}

/** The data that these networks were trained on, which name their classes; null for MNIST. */
export function useDrawnData(): CustomData | null {
  return useLab((state) => drawableNetworks(state)[0]?.config.dataSet ?? null);
}

/** The networks that can be queried; the same objects until one is added, removed or renamed. */
export function useNetworks(): readonly DrawnNetwork[] {
  const networks = useLabList((state) =>
    drawableNetworks(state).map((network) => ({
      id: network.id,
      name: drawnName(network),
      paletteIndex: network.paletteIndex,
    })),
  );
  return useMemo(
    () =>
      networks.map(({ id, name, paletteIndex }) => ({
        id,
        name,
        runStyle: styleOf({ paletteIndex }),
      })),
    [networks],
  );
}
