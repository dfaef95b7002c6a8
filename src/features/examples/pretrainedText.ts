import type { PretrainedNetwork } from '../../experiment/queries/pretrainedNetwork.ts';
import { formatErrorRate } from '../../ui/format.ts';
import { describeNetwork } from '../../ui/networks.ts';

/** What the user should know about networks that came with the page. @param networks one or more */
export function describePretrained(networks: readonly PretrainedNetwork[]): string {
  const { config } = networks[0]!;
  const errors = networks.map(({ name, testErrors: { clean, fgsm } }) => {
    const own = name.replace(' (pretrained)', '');
    return `${own} ${formatErrorRate(clean)} and ${formatErrorRate(fgsm)}`;
  });
  return (
    'These three networks were trained beforehand ' +
    `(${describeNetwork(config)}, ${config.epochs} epochs over all training digits). ` +
    'Errors on all 10,000 test digits, clean and under FGSM with ε 0.08: ' +
    `${errors.join('; ')}. Press Train to train your own.`
  );
}

/** Shown between the halves of an experiment's first step. */
export const untrained =
  'These are the experiment’s own networks, still untrained; the pretrained ones have made room for them.';
