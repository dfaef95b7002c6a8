import type { PretrainedNetwork } from '../../../experiment/queries/pretrainedNetwork.ts';
import { describeNetwork } from '../../../ui/networks.ts';

/** What the user should know about networks that came with the page. @param networks one or more */
export function describePretrained(networks: readonly PretrainedNetwork[]): string {
  const { config } = networks[0]!;
  return `These networks are pretrained: ${describeNetwork(config)}, ${config.epochs} epochs on all training digits.`;
}

/** Shown between the halves of an experiment's first step. */
export const untrained = 'These are your own networks, still untrained.';

/** Shown until the first predictions of an experiment's own networks. */
export const replaced = 'Predicted by the pretrained networks, until yours are ready.';
