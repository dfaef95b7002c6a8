import type { Evaluation } from '../../domain/metrics.ts';
import type { WantedMark } from '../../ui/charts/plot.ts';
import { formatEpsilon } from '../../ui/format.ts';

/** Epochs during which a race was evaluated under one attack ε. */
export interface EpsilonSegment {
  readonly epsilon: number;
  readonly start: number;
  readonly end: number;
}

/** More labels than these would fill the chart: the longest stretches are labelled then. */
const maxLabels = 8;

/** Stretches of one attack ε; a border lies halfway between the evaluations beside it. */
export function findSegments(evaluations: readonly Evaluation[]): EpsilonSegment[] {
  const segments: EpsilonSegment[] = [];
  let before: Evaluation | null = null;
  for (const evaluation of evaluations) {
    const { epoch } = evaluation;
    const { epsilon } = evaluation.attack;
    const open = segments.at(-1);
    if (open === undefined || before === null) {
      segments.push({ epsilon, start: epoch, end: epoch });
    } else if (open.epsilon === epsilon) {
      segments[segments.length - 1] = { ...open, end: epoch };
    } else {
      const border = (before.epoch + epoch) / 2;
      segments[segments.length - 1] = { ...open, end: border };
      segments.push({ epsilon, start: border, end: epoch });
    }
    before = evaluation;
  }
  return segments;
}

/**
 * Marks of the stretches of different ε, the first one included; none where ε never changed. All runs of a
 * race are told a new ε at the same time, so the one with most stretches speaks for all.
 */
export function markSegments(
  runs: readonly { readonly evaluations: readonly Evaluation[] }[],
): WantedMark[] {
  let segments: EpsilonSegment[] = [];
  for (const { evaluations } of runs) {
    const own = findSegments(evaluations);
    if (own.length > segments.length) segments = own;
  }
  if (segments.length < 2) return [];
  const lengths = segments.map(({ start, end }) => end - start).sort((a, b) => b - a);
  const shortest = lengths[maxLabels - 1] ?? 0;
  let labels = 0;
  return segments.map(({ epsilon, start, end }, index) => {
    const isLabelled = end - start >= shortest && ++labels <= maxLabels;
    return {
      x: start,
      text: isLabelled ? `ε ${formatEpsilon(epsilon)}` : '',
      anchor: 'start',
      hasLine: index > 0,
    };
  });
}
