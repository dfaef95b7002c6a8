import type { Claim } from '../../../src/domain/reproduction.ts';
import type { AllFindings, Findings } from '../plans/studies.ts';
import { costs, gainsAsMuch, isBelow, isSimilar, reaches } from './judge.ts';
import { entriesOf, gainOf, meanOf, type Network, pairs } from './pairs.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';

/** The claims of the abstract, each for the networks that were trained. */

/** The networks of the claims about test errors. The width of `relu400` is probably the paper's. */
export const networks = {
  relu: { id: 'relu1600', name: 'ReLU 2 × 1600' },
  relu400: { id: 'relu', name: 'ReLU 2 × 400, 50 epochs' },
  relu400Long: { id: 'relu400', name: 'ReLU 2 × 400, trained for long' },
  logistic: { id: 'logistic', name: 'Logistic 2 × 800' },
  tanh: { id: 'tanh', name: 'tanh 2 × 400' },
  maxout: { id: 'maxout', name: 'Maxout 2 × 240' },
} as const satisfies Record<string, Network>;

/** ABP only, for the figure. */
const reluLong: Network = { id: 'relu1600-long', name: 'ReLU 2 × 1600, 60 epochs' };

/** The networks that are compared with a figure of the abstract. */
export const figureNetworks: readonly Network[] = [
  networks.relu,
  reluLong,
  networks.relu400,
  networks.relu400Long,
  networks.logistic,
];

/** The attack of the claims about resistance, and a stronger one that is shown beside it; clipped. */
export const resistanceEpsilon = 0.1;
export const largestEpsilon = 0.25;

/** The error of a run under margin PGD, clipped; null if it was not measured. */
function underMarginPgd(
  { robustness }: Findings,
  epsilon: number,
): (runId: string) => number | null {
  return (runId) =>
    robustness.get(runId)?.attacks.find((attack) => attack.epsilon === epsilon && attack.clip)
      ?.marginPgd ?? null;
}

function lowers(findings: Findings, network: Network): Claim {
  const claim = `${network.name}: ABP’s test error is below plain back-propagation’s`;
  return isBelow(findings, entriesOf(network), claim);
}

export function resists(findings: Findings, network: Network): Claim {
  const entries = entriesOf(network);
  const claim = `${network.name}: ABP resists adversarial examples better (error under margin PGD, ε ${resistanceEpsilon}, clipped, 1,000 images)`;
  const of = underMarginPgd(findings, resistanceEpsilon);
  const judged = isBelow(findings, entries, claim, { of, digits: 1 });
  const stronger = meanErrors(findings, network, largestEpsilon);
  if (stronger === null) return judged;
  const errors = `at ε ${largestEpsilon} ${percent(stronger.abp, 1)} with ABP, ${percent(stronger.plain, 1)} with plain`;
  return { ...judged, found: `${judged.found}; ${errors}` };
}

/** Mean errors under margin PGD, clipped, over all seeds; null unless all were measured. */
export function meanErrors(
  findings: Findings,
  network: Network,
  epsilon: number,
): { readonly plain: number; readonly abp: number } | null {
  const all = pairs(findings, entriesOf(network), underMarginPgd(findings, epsilon));
  const [plain, abp] = (['first', 'second'] as const).map((which) =>
    all.flatMap((pair) => pair[which] ?? []),
  );
  if (plain!.length < all.length || abp!.length < all.length) return null;
  return { plain: meanOf(plain!), abp: meanOf(abp!) };
}

export const cifarEntries = {
  plain: 'cifar-all-plain',
  weightDecay: 'cifar-all-weight-decay',
  dropout: 'cifar-all-dropout',
  abp: 'cifar-all-adversarial',
} as const;

/** Adds to a claim about CIFAR-10 how it would stand with the baseline that was declared at first. */
function withFirstBaseline(cifar: Findings, judged: Claim): Claim {
  const gain = gainOf(cifar, [cifarEntries.weightDecay, cifarEntries.abp]);
  if (gain === null || judged.found === '') return judged;
  const note = `plain without weight decay became the baseline after the test errors of weight decay, dropout and ABP were known: over plain with weight decay, the baseline that was declared first, ABP gains ${signedPoints(gain.mean)} points, 95 % interval ${intervalText(gain)}`;
  return { ...judged, found: `${judged.found}; ${note}` };
}

export function asWellAsDropout(cifar: Findings): Claim {
  return withFirstBaseline(
    cifar,
    isSimilar(
      cifar,
      cifarEntries,
      'CIFAR-10 (JPEG copies): ABP regularizes about as well as dropout (both below plain, test errors within one percentage point of each other)',
    ),
  );
}

/** The most important first. */
export function claimsOf({ mnist, cifar }: AllFindings): Claim[] {
  const { relu, relu400, relu400Long, logistic, tanh, maxout } = networks;
  return [
    lowers(mnist, relu),
    reaches(mnist, relu),
    gainsAsMuch(mnist, relu),
    reaches(mnist, reluLong),
    lowers(mnist, relu400),
    reaches(mnist, relu400),
    lowers(mnist, relu400Long),
    reaches(mnist, relu400Long),
    lowers(mnist, logistic),
    reaches(mnist, logistic),
    gainsAsMuch(mnist, logistic),
    lowers(mnist, tanh),
    lowers(mnist, {
      ...maxout,
      name: `${maxout.name}, which the abstract mentions as earlier work`,
    }),
    resists(mnist, relu),
    resists(mnist, logistic),
    resists(mnist, tanh),
    withFirstBaseline(
      cifar,
      isBelow(
        cifar,
        [cifarEntries.plain, cifarEntries.abp],
        'CIFAR-10 (JPEG copies): ABP’s test error is below that of plain back-propagation without weight decay',
      ),
    ),
    asWellAsDropout(cifar),
    costs(mnist, relu400),
  ];
}
