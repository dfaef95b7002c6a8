import { isLeaking, type Robustness } from '../../../domain/reproduction.ts';
import { formatCount, formatEpsilon, formatErrorRate } from '../../../ui/format.ts';

export const robustnessColumns = [
  'ε',
  'FGSM',
  'PGD-20',
  'Margin PGD-20',
  'Strongest attack',
  'Proven safe',
] as const;

/** A line for each ε of a clipped attack or of a certificate, ascending; "–" for what was not measured. */
export function listRobustness({
  attacks,
  certified,
}: Pick<Robustness, 'attacks' | 'certified'>): readonly string[][] {
  const clipped = attacks.filter(({ clip }) => clip);
  const all = [...clipped, ...certified].map(({ epsilon }) => epsilon);
  return [...new Set(all)]
    .toSorted((a, b) => a - b)
    .map((epsilon) => {
      const attack = clipped.find((one) => one.epsilon === epsilon);
      const share = certified.find((one) => one.epsilon === epsilon)?.share;
      const { fgsm, pgd, marginPgd, strongest } = attack ?? {};
      const rates = [fgsm, pgd, marginPgd, strongest, share];
      return [formatEpsilon(epsilon), ...rates.map((rate) => formatShare(rate ?? null))];
    });
}

/** With the digits that 1,000 images allow. */
function formatShare(rate: number | null): string {
  return rate === null ? '–' : `${(100 * rate).toFixed(1)} %`;
}

/** Null if a network's errors on training images are no sign of label leaking. */
export function describeLeaking({ training }: Pick<Robustness, 'training'>): string | null {
  const { images, clean, fgsm } = training;
  if (!isLeaking(training)) return null;
  return `Of the first ${formatCount(images)} training images it misclassifies ${formatErrorRate(clean)} without attack and only ${formatErrorRate(fgsm)} under FGSM at its training ε. That is a sign of label leaking: it reads the label off the perturbation (Kurakin et al. 2017, arXiv 1611.01236). A low error under FGSM shows no robustness then.`;
}
