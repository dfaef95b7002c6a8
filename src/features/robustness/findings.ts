import {
  type MeasuredKind,
  findCurve,
  findMeasurement,
  pgdSteps,
  type Measurement,
  sweepSizes,
} from '../../experiment/runs/measurements.ts';
import { formatCount, formatEpsilon, formatErrorRate } from '../../ui/format.ts';

interface NamedMeasurements {
  readonly name: string;
  readonly measurements: readonly Measurement[];
}

/** Error rates of one run at one moment and on the same images, under attacks of the same size. */
interface Comparison extends Record<'clean' | 'randomSigns' | 'fgsm' | 'pgd', number> {
  readonly name: string;
}

/** Smallest difference of error rates, 0 to 1, that supports a finding. */
const hardly = 0.02;
const clearly = 0.1;
const visibly = 0.01;

/** What each attack does, independent of the numbers. */
export const explanations: Readonly<Record<MeasuredKind, string>> = {
  'random-signs': 'Every pixel moves by ε, up or down at random.',
  fgsm: 'Every pixel moves by ε along the sign of the loss gradient: one step.',
  'margin-pgd': `${pgdSteps} steps up the margin loss, along the sign of its gradient, never farther than ε.`,
};

/** The button that measures the curves in L2. */
export const l2ButtonLabel = `Measure on ${formatCount(sweepSizes.final)}`;

/** What stands on the chart in L2 while it has no lines. */
export function describeEmptyL2(state: {
  readonly isMeasuring: boolean;
  /** Whether curves were measured, and their runs are hidden. */
  readonly isHidden: boolean;
  /** Whether networks can be measured. */
  readonly hasNetworks: boolean;
}): string {
  if (state.isHidden) return 'Every measured run is hidden.';
  if (state.isMeasuring) return 'The first measurement is under way.';
  if (state.hasNetworks) return `Press ${l2ButtonLabel}.`;
  return 'Train networks of your own, then measure them.';
}

/**
 * A sentence under a chart: what the plotted numbers show, or what the attack does where they show nothing that can be
 * claimed.
 */
export function describeKind(
  kind: MeasuredKind,
  runs: readonly NamedMeasurements[],
  pageEpsilon: number,
): string {
  const epsilon = findCommonEpsilon(kind, runs, pageEpsilon);
  if (epsilon === null) return explanations[kind];
  const all = runs.map((run) => compare(run, epsilon));
  const finding = { 'random-signs': findRandom, fgsm: findSpread, 'margin-pgd': findStronger }[
    kind
  ](all);
  return finding === null ? explanations[kind] : `At ε ${formatEpsilon(epsilon)}${finding}`;
}

/**
 * The errors of each network on training images, as they are and as it was trained on them; null where no network has been
 * measured so.
 */
export function describeTrainingErrors(runs: readonly NamedMeasurements[]): string | null {
  const parts = runs.flatMap(({ name, measurements }) => {
    const training = findCurve(measurements, 'fgsm').find((one) => one.training)?.training;
    if (training === undefined) return [];
    const { clean, attacked } = training;
    return [`${name} ${formatErrorRate(clean)} and ${formatErrorRate(attacked)}`];
  });
  return parts.length === 0
    ? null
    : `Errors on training images, as they are and under FGSM at the network’s training ε: ${parts.join('; ')}.`;
}

/** The measured ε nearest to the page's at which all runs can be compared, or null if there is none. */
function findCommonEpsilon(
  kind: MeasuredKind,
  runs: readonly NamedMeasurements[],
  pageEpsilon: number,
): number | null {
  const [first] = runs;
  if (first === undefined) return null;
  const measured = new Set(first.measurements.map(({ attack }) => attack.epsilon));
  const candidates = [...measured].filter(
    (epsilon) => epsilon > 0 && isComparable(kind, runs, epsilon),
  );
  candidates.sort((a, b) => Math.abs(a - pageEpsilon) - Math.abs(b - pageEpsilon));
  return candidates[0] ?? null;
}

/** The measurements that a finding about each attack is made of; those of ε = 0 are clean. */
const needed: Readonly<Record<MeasuredKind, readonly (keyof Omit<Comparison, 'name'>)[]>> = {
  'random-signs': ['clean', 'randomSigns', 'fgsm'],
  fgsm: ['fgsm'],
  'margin-pgd': ['fgsm', 'pgd'],
};

/** Whether each run has what the finding needs, of one moment, and all of them are of the same images. */
function isComparable(
  kind: MeasuredKind,
  runs: readonly NamedMeasurements[],
  epsilon: number,
): boolean {
  const found = runs.map((run) => needed[kind].map((name) => findAll(run, epsilon)[name]));
  const count = found[0]?.[0]?.sampleCount;
  return found.every((ofRun) =>
    ofRun.every((one) => one !== null && one.sampleCount === count && one.step === ofRun[0]!.step),
  );
}

function findAll({ measurements }: NamedMeasurements, epsilon: number) {
  return {
    clean: findMeasurement(measurements, 'fgsm', 0),
    randomSigns: findMeasurement(measurements, 'random-signs', epsilon),
    fgsm: findMeasurement(measurements, 'fgsm', epsilon),
    pgd: findMeasurement(measurements, 'margin-pgd', epsilon),
  };
}

/** NaN where nothing is measured, which no finding about this ε reads. */
function compare(run: NamedMeasurements, epsilon: number): Comparison {
  const rateOf = (one: Measurement | null): number => one?.adversarial.errorRate ?? Number.NaN;
  const { clean, randomSigns, fgsm, pgd } = findAll(run, epsilon);
  return {
    name: run.name,
    clean: rateOf(clean),
    randomSigns: rateOf(randomSigns),
    fgsm: rateOf(fgsm),
    pgd: rateOf(pgd),
  };
}

function points(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`;
}

function findRandom(all: readonly Comparison[]): string | null {
  const most = Math.max(...all.map(({ randomSigns, clean }) => randomSigns - clean));
  const widest = all.reduce((best, one) =>
    one.fgsm - one.randomSigns > best.fgsm - best.randomSigns ? one : best,
  );
  if (most > hardly || widest.fgsm - widest.randomSigns < clearly) return null;
  const added = most < 0.0005 ? 'no error' : `at most ${points(most)} of error`;
  return ` they add ${added}; FGSM adds ${points(widest.fgsm - widest.clean)} to ${widest.name}.`;
}

function findSpread(all: readonly Comparison[]): string | null {
  const sorted = [...all].sort((a, b) => a.fgsm - b.fgsm);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || low === high) return null;
  return `, errors lie between ${formatErrorRate(low.fgsm)} (${low.name}) and ${formatErrorRate(high.fgsm)} (${high.name}).`;
}

function findStronger(all: readonly Comparison[]): string | null {
  const widest = all.reduce((best, one) =>
    one.pgd - one.fgsm > best.pgd - best.fgsm ? one : best,
  );
  const isNeverWeaker = all.every(({ pgd, fgsm }) => pgd >= fgsm);
  if (!isNeverWeaker || widest.pgd - widest.fgsm < visibly) return null;
  return ` it is never weaker than FGSM, and adds ${points(widest.pgd - widest.fgsm)} to ${widest.name}.`;
}
