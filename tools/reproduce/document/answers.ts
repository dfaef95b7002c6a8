import type { Answer } from '../../../src/domain/reproduction.ts';
import { minSeeds } from '../../../src/domain/statistics.ts';
import type { AllFindings, Findings } from '../plans/studies.ts';
import { type Difference, meanOfPairs } from '../statistics.ts';
import {
  cifarEntries,
  largestEpsilon,
  networks,
  resistanceEpsilon,
  underMarginPgd,
} from './claims.ts';
import {
  entriesOf,
  gainOf,
  gainsAsMuch,
  gainsOf,
  type Network,
  pairs,
  publishedOf,
  reaches,
} from './judge.ts';
import { percent } from './numbers.ts';
import { layersOf } from './tables.ts';

/** What the runs say of the abstract, in a few sentences that follow from the results. */

const list = new Intl.ListFormat('en');
const points = (gain: number): string => Math.abs(100 * gain).toFixed(2);

/** The gain of ABP over plain, once enough seeds of both are finished. */
function decided(findings: Findings, entries: readonly [string, string]): Difference | null {
  const all = pairs(findings, entries);
  const gains = gainsOf(all);
  return gains.length === all.length && gains.length >= minSeeds ? meanOfPairs(gains) : null;
}

const units: readonly { readonly network: Network; readonly unit: string }[] = [
  { network: networks.relu, unit: 'ReLU' },
  { network: networks.logistic, unit: 'logistic' },
  { network: networks.tanh, unit: 'tanh' },
  { network: networks.maxout, unit: 'maxout' },
];

function errorsAnswer(mnist: Findings): Answer[] {
  const found = units.flatMap(({ network, unit }) => {
    const gain = decided(mnist, entriesOf(network));
    if (gain === null) return [];
    const [plain, abp] = entriesOf(network).map(
      (entry) => mnist.summary.rows.find((row) => row.entry === entry)!.clean!.mean,
    );
    const text = `from ${percent(plain!)} to ${percent(abp!)} with ${unit} units`;
    return [{ text, isLower: gain.low > 0, isHigher: gain.high < 0 }];
  });
  const textsOf = (part: typeof found): string => list.format(part.map(({ text }) => text));
  const lower = found.filter(({ isLower }) => isLower);
  const higher = found.filter(({ isHigher }) => isHigher);
  const open = found.filter(({ isLower, isHigher }) => !isLower && !isHigher);
  const others = [
    ...(higher.length > 0 ? [`It raises it ${textsOf(higher)}.`] : []),
    ...(open.length > 0 ? [`Not decided: ${textsOf(open)}.`] : []),
  ];
  if (lower.length === 0) return [];
  return [
    {
      lead: 'ABP lowers the test error on MNIST',
      text: [`${textsOf(lower)}.`, ...others, ...figuresSentences(mnist)].join(' '),
    },
  ];
}

function figuresSentences(mnist: Findings): string[] {
  const judged = units.slice(0, 2).map(({ network, unit }) => ({
    unit,
    figure: percent(publishedOf(mnist, network).abp),
    published: publishedOf(mnist, network),
    gain: gainOf(mnist, entriesOf(network)),
    figureOutcome: reaches(mnist, network).outcome,
    gainOutcome: gainsAsMuch(mnist, network).outcome,
  }));
  const which = (outcome: string) =>
    list.format(
      judged
        .filter(({ figureOutcome }) => figureOutcome === outcome)
        .map(({ figure, unit }) => `${figure} with ${unit} units`),
    );
  const smaller = judged
    .filter(({ gainOutcome }) => gainOutcome === 'missed')
    .map(
      ({ unit, gain, published }) =>
        `${points(gain!.mean)} points instead of ${points(published.plain - published.abp)} with ${unit} units`,
    );
  return [
    ...(which('met') ? [`It reaches the paper’s ${which('met')}.`] : []),
    ...(which('missed') ? [`It does not reach the paper’s ${which('missed')}.`] : []),
    ...(smaller.length > 0 ? [`It gains less than in the paper: ${list.format(smaller)}.`] : []),
  ];
}

function resistanceAnswer({ robustness, ...rest }: Findings): Answer[] {
  const findings = { robustness, ...rest };
  const entries = entriesOf(networks.relu);
  const errors = [resistanceEpsilon, largestEpsilon].map((epsilon) => {
    const both = pairs(findings, entries, underMarginPgd(robustness, epsilon)).filter(
      ({ first, second }) => first !== null && second !== null,
    );
    const mean = (which: 'first' | 'second'): string =>
      percent(both.reduce((sum, pair) => sum + pair[which]!, 0) / both.length, 1);
    return both.length === 0 ? null : `${mean('second')}, plain’s ${mean('first')}`;
  });
  if (errors.includes(null)) return [];
  return [
    {
      lead: 'It resists small perturbations.',
      text: `Under margin PGD with ε ${resistanceEpsilon}, its ReLU networks’ error is ${errors[0]}; with ε ${largestEpsilon}, ${errors[1]}.`,
    },
  ];
}

function cifarAnswer(cifar: Findings): Answer[] {
  const { plain, abp, dropout } = cifarEntries;
  const [ofAbp, ofDropout] = [abp, dropout].map((entry) => decided(cifar, [plain, entry]));
  const between = decided(cifar, [dropout, abp]);
  if (!ofAbp || !ofDropout || !between) return [];
  const verb = ofAbp.low > 0 ? 'gains' : 'does not clearly gain:';
  const better =
    between.high < 0 ? ' more' : between.low > 0 ? ' less' : ', which cannot be told apart,';
  return [
    {
      lead: 'On CIFAR-10',
      text: `ABP ${verb} ${points(ofAbp.mean)} points over plain, and dropout${better}: ${points(ofDropout.mean)}.`,
    },
  ];
}

/** A network that ABP makes worse. */
function reversalAnswer(permuted: Findings): Answer[] {
  const gain = decided(permuted, ['ordered-plain', 'ordered-adversarial']);
  if (gain === null || gain.high >= 0) return [];
  const [plain, abp] = ['ordered-plain', 'ordered-adversarial'].map((entry) =>
    permuted.summary.rows.find((row) => row.entry === entry)!,
  );
  const { hiddenLayers, epochs } = plain!.config!;
  return [
    {
      lead: 'Not every network gains.',
      text: `With the page’s default, ReLU ${layersOf(hiddenLayers)} for ${epochs} epochs, the error is ${percent(abp!.clean!.mean)} with ABP and ${percent(plain!.clean!.mean)} with plain.`,
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
