import type { Evaluation } from '../../../domain/metrics.ts';
import type { WantedMark } from '../../../ui/charts/plot.ts';
import { formatEpsilon } from '../../../ui/format.ts';

/** Epochs during which an experiment was evaluated under one attack ε. */
export interface EpsilonSegment {
  readonly epsilon: number;
  readonly start: number;
  readonly end: number;
}

/** More labels would fill the chart; beyond this, only the longest segments are labeled. */
const maxLabels = 8;

/** Segments of one attack ε; a border is halfway between the evaluations on its two sides. */
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
 * Marks for the segments of different ε, including the first one, or none when ε never changed. All runs of
 * an experiment get a new ε at the same time, so the run with the most segments stands for all.
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
