import { useCallback, useDeferredValue, useMemo } from 'react';
import type { Inspected } from '../../domain/analysis/inspection.ts';
import { answeringNetworks } from '../runs/answering.ts';
import { useLabActions } from '../useLab.ts';
import { useLabList } from '../useLabList.ts';
import type { Inspection, Inspections, InsideView } from './insideState.ts';
import { useInside } from './useInside.ts';

/** A network that can be inspected. */
export interface InspectedNetwork {
  readonly id: string;
  readonly name: string;
  readonly paletteIndex: number;
  /** Null for a pretrained network, which does not train. */
  readonly stepsPerEpoch: number | null;
}

/** The networks that can be queried; the same objects until one is added, removed or renamed. */
export function useInspectedNetworks(): readonly InspectedNetwork[] {
  return useLabList((state) =>
    answeringNetworks(state).map((network) => ({
      id: network.id,
      // The views say by themselves that they are pretrained.
      name: network.name.replace(' (pretrained)', ''),
      paletteIndex: network.paletteIndex,
      stepsPerEpoch: 'progress' in network ? (network.progress?.stepsPerEpoch ?? null) : null,
    })),
  );
}

/** A network and what a view shows of it. */
export interface Shown<K extends InsideView> extends Inspected<K> {
  readonly network: InspectedNetwork;
}

/** What a view shows of every network, and the question that it belongs to. */
export function useShown<K extends InsideView>(
  view: K,
): { readonly question: Inspection<K>['question']; readonly shown: readonly Shown<K>[] } {
  const networks = useInspectedNetworks();
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

/** Says whether a view is visible: only then are the networks asked for it. For `useOnScreen`. */
export function useShowing(view: InsideView): (isOnScreen: boolean) => void {
  const { inside } = useLabActions();
  return useCallback((isOnScreen) => inside.show(isOnScreen ? view : null), [inside, view]);
}
