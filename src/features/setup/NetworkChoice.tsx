import type { NetworkType, TrainingMethod } from '../../shared/config.ts';
import { networkTypes } from '../../shared/config.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { ChoiceGroup } from '../../ui/ChoiceGroup.tsx';
import { methodLooks } from '../../ui/methods.ts';
import styles from './Setup.module.css';

const networkNames: Record<NetworkType, string> = {
  logistic: 'Logistic',
  tanh: 'Tanh',
  relu: 'ReLU',
  maxout: 'Maxout',
};

export function NetworkTypeChoice() {
  const lab = useLabActions();
  const value = useLab((state) => state.settings.draft.networkType);
  return (
    <ChoiceGroup
      label="Network type"
      role="radiogroup"
      layout="row"
      choices={networkTypes.map((type) => ({ value: type, label: networkNames[type] }))}
      value={value}
      onChange={(networkType) => lab.changeSettings({ networkType })}
    />
  );
}

/** The methods that the page offers, with a sentence about each. */
const explanations = {
  plain: 'Trains on the images as they are.',
  dropout: 'Switches off random pixels and units in every step.',
  adversarial: 'Moves every pixel by ε in the direction that raises the loss, then trains on that.',
  'adversarial-dropout': 'Adversarial images and random units switched off, together.',
  noise: 'Moves every pixel by ε in a random direction: the control for the adversarial method.',
  pgd: 'Trains on a stronger attack of several small steps. Each costs another pass both ways.',
  mixed: 'Goodfellow’s objective: the weighted sum of the clean and the adversarial loss.',
} satisfies Partial<Record<TrainingMethod, string>>;
const offeredMethods = Object.keys(explanations) as (keyof typeof explanations)[];

export function MethodChoice() {
  const lab = useLabActions();
  const value = useLab((state) => state.settings.draft.method);
  return (
    <ChoiceGroup
      label="Method"
      role="group"
      layout="list"
      choices={offeredMethods.map((method) => ({
        value: method,
        label: methodLooks[method].name,
        mark: <span className={styles.swatch} style={{ background: methodLooks[method].color }} />,
        ...(method === value && { description: explanations[method] }),
      }))}
      value={value}
      onChange={(method) => lab.changeSettings({ method })}
    />
  );
}
