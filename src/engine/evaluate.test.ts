import { expect, it } from 'vitest';
import { defaultConfig } from '../domain/settings/config.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import { attackImages, evaluate } from './evaluate.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

it('marks the images that are misclassified, clean and attacked, over several chunks', async () => {
  const set = syntheticImages(1200, 20, 4);
  const backend = new Float64Backend();
  const config = { ...defaultConfig, method: 'plain' as const, hiddenLayers: [8], batchSize: 20 };
  const { network } = new Trainer(backend, config, set);
  const attack = { kind: 'fgsm', epsilon: 0.1, clip: false } as const;
  const marks = { clean: new Uint8Array(1200), adversarial: new Uint8Array(1200) };
  const noYield = () => Promise.resolve();
  const scores = await evaluate(backend, network, set, 1200, attack, noYield, marks);
  expect(scores).toEqual(await evaluate(backend, network, set, 1200, attack, noYield));

  const images = Float32Array.from(set.pixels, (pixel) => pixel / 255);
  const found = await attackImages(backend, network, images, set.labels, attack);
  const expected = (probabilities: Float32Array) =>
    set.labels.map((label, i) => {
      const outputs = probabilities.subarray(4 * i, 4 * i + 4);
      return outputs.indexOf(Math.max(...outputs)) === label ? 0 : 1;
    });
  expect(marks.clean).toEqual(expected(found.cleanProbabilities));
  expect(marks.adversarial).toEqual(expected(found.adversarialProbabilities));
  const errors = marks.clean.reduce((sum, one) => sum + one, 0);
  expect([errors > 0, errors < 1200]).toEqual([true, true]);
});
