import type { Answer, Claim } from '../../../src/domain/reproduction.ts';
import { minSeeds } from '../../../src/domain/statistics.ts';
import type { AllFindings, Findings } from '../plans/studies.ts';
import { type Difference, meanOfPairs } from '../statistics.ts';
import {
  asWellAsDropout,
  cifarEntries,
  figureNetworks,
  largestEpsilon,
  meanErrors,
  networks,
  resistanceEpsilon,
  resists,
} from './claims.ts';
import { gainsAsMuch, publishedOf, reaches } from './judge.ts';
import { entriesOf, gainOverImages, gainsOf, type Network, pairs } from './pairs.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';
import { layersOf } from './tables.ts';

/** What the runs say of the abstract, in a few sentences that follow from the results. */

const list = new Intl.ListFormat('en');

/** "0.46": the size of a difference in percentage points. */
const points = (gain: number): string => Math.abs(100 * gain).toFixed(2);

/** "ReLU 2 × 400", "logistic 2 × 800": a name within a sentence. */
function nameWithin({ name }: Network): string {
  return name.replace(/^(Logistic|Maxout)/, (word) => word.toLowerCase());
}

function meanErrorOf({ summary: { rows } }: Findings, entry: string): number {
  return rows.find((row) => row.entry === entry)!.clean!.mean;
}

/** The first entry's error less the second's, once enough seeds of both are finished. */
function decided(findings: Findings, entries: readonly [string, string]): Difference | null {
  const all = pairs(findings, entries);
  const gains = gainsOf(all);
  return gains.length === all.length && gains.length >= minSeeds ? meanOfPairs(gains) : null;
}

function errorsAnswer(mnist: Findings): Answer[] {
  const { relu, relu400, logistic, tanh, maxout } = networks;
  const found = [relu, relu400, logistic, tanh, maxout].flatMap((network) => {
    const entries = entriesOf(network);
    const gain = decided(mnist, entries);
    if (gain === null) return [];
    const [plain, abp] = entries.map((entry) => percent(meanErrorOf(mnist, entry)));
    const change = gain.low > 0 ? 'lower' : gain.high < 0 ? 'higher' : 'open';
    const text =
      change === 'open'
        ? `with ${nameWithin(network)} (${plain} with plain, ${abp} with ABP)`
        : `from ${plain} to ${abp} with ${nameWithin(network)}`;
    return [{ text, change }];
  });
  const textOf = (wanted: string): string =>
    list.format(found.filter(({ change }) => change === wanted).map(({ text }) => text));
  const sentences = [
    { lead: 'ABP lowers the test error on MNIST', text: textOf('lower') },
    { lead: 'ABP raises the test error on MNIST', text: textOf('higher') },
    { lead: 'Whether ABP changes the test error on MNIST is not decided', text: textOf('open') },
  ].filter(({ text }) => text !== '');
  const [first, ...others] = sentences;
  if (first === undefined) return [];
  const more = others.map(({ lead, text }) => `${lead} ${text}.`);
  return [
    { lead: first.lead, text: [`${first.text}.`, ...more, ...figureSentences(mnist)].join(' ') },
  ];
}

function figureSentences(mnist: Findings): string[] {
  const judged = figureNetworks.map((network) => ({
    figure: percent(publishedOf(mnist, network).abp),
    network,
    outcome: reaches(mnist, network).outcome,
  }));
  const which = (wanted: Claim['outcome']): string => {
    const found = judged.filter(({ outcome }) => outcome === wanted);
    const figures = [...new Set(found.map(({ figure }) => figure))].map((figure) => {
      const reached = found.filter((one) => one.figure === figure);
      return `${figure} with ${list.format(reached.map(({ network }) => nameWithin(network)))}`;
    });
    return list.format(figures);
  };
  const smaller = [networks.relu, networks.logistic]
    .filter((network) => gainsAsMuch(mnist, network).outcome === 'missed')
    .map((network) => {
      const { plain, abp } = publishedOf(mnist, network);
      const gain = decided(mnist, entriesOf(network))!.mean;
      return `${signedPoints(gain).replace('+', '')} points instead of ${points(plain - abp)} with ${nameWithin(network)}`;
    });
  return [
    ...(which('met') ? [`ABP reaches the paper’s ${which('met')}.`] : []),
    ...(which('missed') ? [`It does not reach the paper’s ${which('missed')}.`] : []),
    ...(which('not decided')
      ? [`Whether it reaches the paper’s ${which('not decided')} is not decided.`]
      : []),
    ...(smaller.length > 0 ? [`It gains less than in the paper: ${list.format(smaller)}.`] : []),
  ];
}

const resistanceLeads: Partial<Readonly<Record<Claim['outcome'], string>>> = {
  met: 'ABP resists small perturbations.',
  missed: 'ABP does not resist small perturbations better.',
  'not decided': 'Whether ABP resists small perturbations better is not decided.',
};

function resistanceAnswer(mnist: Findings): Answer[] {
  const network = networks.relu;
  const lead = resistanceLeads[resists(mnist, network).outcome];
  if (lead === undefined) return [];
  const errorsAt = (epsilon: number): string | null => {
    const errors = meanErrors(mnist, network, epsilon);
    return errors && `${percent(errors.abp, 1)} against plain’s ${percent(errors.plain, 1)}`;
  };
  const [small, large] = [errorsAt(resistanceEpsilon), errorsAt(largestEpsilon)];
  return [
    {
      lead,
      text: `Under margin PGD with ε ${resistanceEpsilon}, clipped, its error on the first 1,000 test images is ${small} with ${nameWithin(network)}${large === null ? '' : `; with ε ${largestEpsilon}, ${large}`}.`,
    },
  ];
}

/** "0.66 points below plain’s": where an error is that is smaller by a gain. */
function placeText(gain: Difference, than: string): string {
  if (gain.low > 0) return `${points(gain.mean)} points below ${than}`;
  if (gain.high < 0) return `${points(gain.mean)} points above ${than}`;
  return `not distinguishable from ${than} (${signedPoints(-gain.mean)} points)`;
}

function cifarAnswer(cifar: Findings): Answer[] {
  const { plain, weightDecay, abp, dropout } = cifarEntries;
  const [ofAbp, ofDropout] = [abp, dropout].map((entry) => decided(cifar, [plain, entry]));
  if (!ofAbp || !ofDropout) return [];
  const overImages = gainOverImages(cifar, [plain, abp]);
  const interval = overImages
    ? ` (95 % interval of the gain over seeds and test images ${intervalText(overImages)})`
    : '';
  const overFirst = decided(cifar, [weightDecay, abp]);
  const first = overFirst
    ? ` and ${placeText(overFirst, 'that of plain with weight decay, the baseline that was declared first')}`
    : '';
  const verdicts: Partial<Readonly<Record<Claim['outcome'], string>>> = {
    met: 'ABP regularizes about as well.',
    missed: 'ABP does not regularize about as well.',
    'not decided': 'Whether ABP regularizes about as well is not decided.',
  };
  const verdict = verdicts[asWellAsDropout(cifar).outcome] ?? '';
  return [
    {
      lead: 'On JPEG copies of CIFAR-10,',
      text: `ABP’s test error is ${placeText(ofAbp, 'plain’s')}${interval}${first}. Dropout’s is ${placeText(ofDropout, 'plain’s')}. ${verdict}`.trimEnd(),
    },
  ];
}

/** A network that ABP makes worse. */
function reversalAnswer(permuted: Findings): Answer[] {
  const entries = ['ordered-plain', 'ordered-adversarial'] as const;
  const gain = decided(permuted, entries);
  if (gain === null || gain.high >= 0) return [];
  const [plain, abp] = entries.map((entry) => percent(meanErrorOf(permuted, entry)));
  const { hiddenLayers, epochs } = permuted.summary.rows.find(
    ({ entry }) => entry === entries[0],
  )!.config!;
  return [
    {
      lead: 'Not every network gains.',
      text: `With the page’s default, ReLU ${layersOf(hiddenLayers)} for ${epochs} epochs, the error is ${abp} with ABP and ${plain} with plain.`,
    },
  ];
}

export function answersOf({ mnist, permuted, cifar }: AllFindings): Answer[] {
  return [
    ...errorsAnswer(mnist),
    ...resistanceAnswer(mnist),
    ...cifarAnswer(cifar),
    ...reversalAnswer(permuted),
  ];
}
