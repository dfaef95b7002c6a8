import type { HideablePanel } from '../../experiment/state.ts';

/** Names, within a sentence, of the panels that a link may hide. */
export const panelNames: Readonly<Record<HideablePanel, string>> = {
  setup: 'setup',
  advanced: 'advanced settings',
  curves: 'curves',
  examples: 'examples',
  robustness: 'robustness',
  how: 'how it works',
  inside: 'inside the networks',
  paper: 'paper',
  code: 'code',
  results: 'results',
  experiments: 'saved experiments',
  draw: 'drawing',
};
