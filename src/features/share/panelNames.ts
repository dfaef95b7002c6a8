import type { HideablePanel } from '../../experiment/state.ts';

/** What the panels that a link may hide are called. */
export const panelNames: Readonly<Record<HideablePanel, string>> = {
  draw: 'Drawing pad',
  train: 'Training',
  setup: 'Settings',
  advanced: 'Advanced settings',
  curves: 'Curves',
  examples: 'Examples',
  results: 'Results',
  how: 'How it works',
  inside: 'Look inside',
  robustness: 'Robustness',
  paper: 'Paper',
  experiments: 'Saved experiments',
  code: 'Code',
};
