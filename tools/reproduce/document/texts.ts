import { findPublishedError, paper } from '../../../src/domain/published.ts';
import { common } from '../plans/plan.ts';
import type { AllFindings } from '../plans/studies.ts';
import { oldSignsText } from './earlierRuns.ts';
import { percent } from './numbers.ts';

/** The parts of the document that do not depend on results, or hardly. */

/** "1.40 % for back-propagation and 0.78 % for adversarial back-propagation (ABP)". */
function publishedText(networkType: 'relu' | 'logistic'): string {
  const [plain, abp] = (['plain', 'adversarial'] as const).map((method) =>
    percent(findPublishedError({ networkType, method })!),
  );
  return networkType === 'relu'
    ? `${plain} for back-propagation and ${abp} for adversarial back-propagation (ABP)`
    : `${plain} and ${abp}`;
}

export const introduction = `# Reproduction of the paper's results

Made by \`npm run reproduce\` from the files in \`results/\`; do not edit it by hand. A unit test compares every table with those files.

The abstract of [Nøkland 2015](${paper.url}) states test errors on permutation-invariant MNIST: with rectified
linear units ${publishedText('relu')}, with logistic units ${publishedText('logistic')}. It also says that the effect holds for
tanh units and that resistance to adversarial examples rises; its second version (2016)
adds that on CIFAR-10 ABP regularizes about as well as dropout. Here all of it is tried again, with this project's own engine on all of
MNIST and [CIFAR-10](#cifar-10). A smaller part is about [permuted pixels](#permuted-pixels).`;

export const reading = `## How to read the tables

- Every error is that of the **last epoch** on the 10,000 test images, never of the best one. Figures are means ± standard
  deviations over seeds (n − 1), without ± where there is one seed.
- One test image is 0.01 %. Even a network whose true error is 0.9 % varies by ± 0.09 % with the choice of 10,000 test images;
  networks here share those images, so their differences vary less.
- The seed fixes initial weights and the order of images: networks of one type and size with the same seed start from the same weights and,
  if their batches have the same size, see the same mini-batches in the same order with every method.
- The recipe of each network, except where no trials are listed, was chosen on 10,000 held-out training images and written to \`results/recipes.json\`, without which
  the command makes no run of that network on the test images; a unit test checks this order by the times in the files. Recipes that were
  chosen later were chosen after other networks’ test errors were known, and some after those of the same network with an
  earlier recipe ([below](#how-the-recipes-were-chosen)).`;

export function differencesText(all: AllFindings): string {
  return `## What differs from the paper, and why

Only the abstract was used; the full text was not read, and the abstract states no recipe. What is known from elsewhere:

- The code that the author published for a later paper ([dfa-torch](https://github.com/anokland/dfa-torch)) has sigmoid outputs, RMSprop with a
  default rate of 1e-4 that does not fall, batches of 64, 300 epochs, two layers of 800 units, and ε as an option. It prints the test error after every
  epoch, so which epoch the paper reports is not known. Outputs, loss, optimizer, batch size, initial weights and ε are taken from it.
- [Another reproduction](https://github.com/MatthieuCourbariaux/AdversarialGradient), whose author had read the paper, describes its network as two
  layers of 400 ReLU with about 0.80 %. So 400 is the likely width. That reproduction trains with Adam at 1e-4, batches of 32 and 50,000 images for 150
  epochs, takes the epoch with the lowest validation error, and reports 0.93 %.

What differs:

- **Width and epochs.** The first rows have two layers of 1600 units for 24 epochs, which is wider than the paper’s network probably was. Two groups have
  its likely width: 50 epochs at a rate that falls to a twentieth, and the long schedules of the sources.
- **Dropout.** The author’s dropout stays active in the pass that finds the gradient of the input. Here that pass has none: ABP +
  dropout perturbs along the gradient of the whole network.
- **Validation.** The recipes are chosen with 50,000 training images; the runs of the tables train on all 60,000. It is not known how the author
  chose his.
- **Signs.** The sign is that of the true gradient, however small it is. Where a network is confident, float32 rounds the error of
  the right output to 0; a program that takes the sign of what is left, as this project did until November 2026 and perhaps the author’s did, perturbs such an
  image in another direction.${oldSignsText(all)}
- **Clipping.** None in training, as in the author’s code. Attacks are shown both ways, in separate tables.

Where time was saved:

- Trials have one seed. Those of 1600 units have half of the epochs; those of 50 and 60 epochs have 16 (5 in the comparison of brief runs), those of 150 to
  300 a fifth, with a rate that falls as far as in the whole run. A short trial prefers what learns fast, and dropout learns slowly.
- The logistic networks of the first table were tried with 400 units and run with 800.
- Rows with one seed: a difference of less than about 0.1 % from another row, or from the paper's figure, means nothing there.
- PGD training and clean + adversarial have 10 epochs, and are compared with plain and ABP of 10 epochs.
- On MNIST, ε = ${common.trainingEpsilon} and the dropout rates were never varied.`;
}

export const repeating = `## Repeat it

\`\`\`sh
npm run reproduce -- --list                          # the runs, and which are finished
npm run reproduce -- --verify relu-adversarial-seed1 # repeats a run and compares everything except the times
npm run reproduce -- --quick                         # briefly trained networks, in about ten minutes
npm run reproduce -- --verify cifar10-plain-seed1 --cifar cifar-10-binary.tar.gz
npm run reproduce -- --attacks --only relu-adversarial # measures finished networks under stronger attacks
\`\`\`

The same seed gives the same file, except for the times, on the same engine; not so the older runs that are named under Signs above. A machine without relaxed SIMD rounds differently, and its
errors differ like those of another seed. To make all runs again, move \`results/\` away and run
\`npm run reproduce -- --choose\`, then \`npm run reproduce\`; [command-line.md](command-line.md#the-papers-results-again) says more.`;
