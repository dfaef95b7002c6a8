import { expect, it } from 'vitest';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { describePretrained } from './pretrainedText.ts';

it('says what the pretrained networks are', () => {
  const config = { ...defaultConfig, hiddenLayers: [400, 128], epochs: 20 };
  const networks = [
    { name: 'Plain (pretrained)', testErrors: { clean: 0.0176, fgsm: 0.7277, pgd: 0.8 } },
    { name: 'Dropout (pretrained)', testErrors: { clean: 0.02, fgsm: 0.5, pgd: 0.6 } },
    { name: 'ABP (pretrained)', testErrors: { clean: 0.0131, fgsm: 0.05, pgd: 0.07 } },
  ].map((network, paletteIndex) => ({
    id: String(paletteIndex),
    paletteIndex,
    config,
    hasNetwork: true,
    ...network,
  }));
  expect(describePretrained(networks)).toBe(
    'These networks are pretrained: 784-400-128-10 ReLU, 20 epochs on all training digits.',
  );
});
