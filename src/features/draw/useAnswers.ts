import { useMemo } from 'react';
import { drawableNetworks } from '../../lab/answering.ts';
import { useLab } from '../../lab/useLab.ts';
import { lookOf, type RunLook } from '../../ui/runLooks.ts';

/** A network that answers to drawings. */
export interface DrawnNetwork {
  readonly id: string;
  readonly name: string;
  readonly look: RunLook;
}

/** Said once beside all of them (Answers.tsx), not with every name. */
const pretrainedSuffix = ' (pretrained)';

/** The networks that can be asked; the same objects until one comes, goes or is renamed. */
export function useNetworks(): readonly DrawnNetwork[] {
  const identity = useLab((state) =>
    JSON.stringify(drawableNetworks(state).map(({ id, name, slot }) => ({ id, name, slot }))),
  );
  return useMemo(() => {
    const networks = JSON.parse(identity) as { id: string; name: string; slot: number }[];
    return networks.map(({ id, name, slot }) => ({
      id,
      name: name.replace(pretrainedSuffix, ''),
      look: lookOf({ slot }),
    }));
  }, [identity]);
}
