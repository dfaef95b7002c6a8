import { useDeferredValue, useMemo } from 'react';
import type { Inspected } from '../../domain/analysis/inspection.ts';
import type { Inspection, Inspections, InsideView } from '../../experiment/inside/insideState.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
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

/** The networks that can be queried; the same objects until one is added, removed or renamed. */
export function useNetworks(): readonly InsideNetwork[] {
  return useLabList((state) =>
    answeringNetworks(state).map((network) => ({
      id: network.id,
      // The panel says once for all of them that they are pretrained.
      name: network.name.replace(' (pretrained)', ''),
      runStyle: styleOf(network),
      stepsPerEpoch: 'progress' in network ? (network.progress?.stepsPerEpoch ?? null) : null,
    })),
  );
}

/** A network and what a view shows of it. */
export interface Shown<K extends InsideView> extends Inspected<K> {
  readonly network: InsideNetwork;
}

/** What a view shows of every network, and the question that it belongs to. */
export function useShown<K extends InsideView>(
  view: K,
): { readonly question: Inspection<K>['question']; readonly shown: readonly Shown<K>[] } {
  const networks = useNetworks();
  // React draws in slices what is deferred, and the page stays responsive during training.
  const { question, answers } = useDeferredValue(
    useInside((state: Inspections): Inspection<K> => state[view]),
  );
  const shown = useMemo(
    () =>
      networks.flatMap((network) => {
        const inspected = answers[network.id];
        return inspected === undefined ? [] : [{ network, ...inspected }];
      }),
    [networks, answers],
  );
  return { question, shown };
}
