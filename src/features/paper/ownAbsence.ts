import { formatEpsilon } from '../../ui/format.ts';
import type { Measure } from './measures.ts';

/** Why some or all of the user's runs are not among the rows. */
export function describeAbsence(
  runs: number,
  points: number,
  otherData: number,
  measure: Measure,
): string[] {
  if (runs === 0) return ['Your own runs appear here as soon as they train.'];
  const other = otherData === 1 ? '1 run of yours is' : `${otherData} runs of yours are`;
  const notes = otherData === 0 ? [] : [`${other} on other data than MNIST, and not shown.`];
  if (points === runs) return notes;
  if (measure.kind === 'clean') return [...notes, 'Runs of yours appear once they are measured.'];
  const { clip, epsilon } = measure.attack;
  return [
    ...notes,
    clip
      ? `Your runs appear once they are measured at ε ${formatEpsilon(epsilon)}: set the attack’s ε to it, and measure under Results.`
      : 'Your runs are not here: all attacks of this page are clipped to 0–1.',
  ];
}
