import { isFullEvaluation, type LossPoint } from '../../lab/history.ts';
import type { Evaluation } from '../../shared/metrics.ts';

/** More points than this cost more to draw than they show. */
export const maxDrawnPoints = 300;

/** An evaluation as the error chart draws it; a row without scores breaks the attacked line. */
export interface ErrorRow {
  readonly epoch: number;
  readonly clean: number | null;
  readonly adversarial: number | null;
  readonly evaluation: Evaluation | null;
}

/** A moment from which the run was evaluated under another attack ε. */
export interface EpsilonChange {
  readonly epoch: number;
  readonly epsilon: number;
}

/**
 * Rows of the error chart. Where the attack ε changes the attacked line is interrupted: its two sides
 * do not measure the same thing.
 *
 * @param smallestRate drawn instead of smaller rates, for a logarithmic axis; 0 for a linear one
 */
export function toErrorRows(
  evaluations: readonly Evaluation[],
  smallestRate: number,
): { rows: ErrorRow[]; changes: EpsilonChange[] } {
  const rows: ErrorRow[] = [];
  const changes: EpsilonChange[] = [];
  let previous: Evaluation | null = null;
  for (const evaluation of thin(evaluations)) {
    const { epoch, clean, adversarial, attack } = evaluation;
    if (previous !== null && previous.attack.epsilon !== attack.epsilon) {
      const between = (previous.epoch + epoch) / 2;
      rows.push({ epoch: between, clean: null, adversarial: null, evaluation: null });
      changes.push({ epoch: between, epsilon: attack.epsilon });
    }
    rows.push({
      epoch,
      clean: Math.max(smallestRate, clean.errorRate),
      adversarial: Math.max(smallestRate, adversarial.errorRate),
      evaluation,
    });
    previous = evaluation;
  }
  // Axes without any row would have no numbers; a row without an evaluation is not marked.
  if (rows.length === 0) rows.push({ epoch: 0, clean: 1, adversarial: 1, evaluation: null });
  return { rows, changes };
}

/** Every n-th evaluation, full ones first to stay, so that about `maxDrawnPoints` remain. */
function thin(evaluations: readonly Evaluation[]): readonly Evaluation[] {
  if (evaluations.length <= maxDrawnPoints) return evaluations;
  const full = evaluations.filter(isFullEvaluation);
  const candidates = full.length > maxDrawnPoints / 4 ? full : evaluations;
  const stride = Math.ceil(candidates.length / maxDrawnPoints);
  const last = candidates.length - 1;
  return candidates.filter((_, index) => index % stride === 0 || index === last);
}

const nowhere: LossPoint = { step: 0, epoch: 0, loss: 1 };

/** What the loss chart gets before the first loss: gives its axes numbers, as a line of no length. */
export const noLosses: readonly LossPoint[] = [nowhere, nowhere];

/** Loss points as they are drawn: above `maxDrawnPoints`, neighbours are averaged by their steps. */
export function thinLosses(losses: readonly LossPoint[]): readonly LossPoint[] {
  if (losses.length <= maxDrawnPoints) return losses;
  const stride = Math.ceil(losses.length / maxDrawnPoints);
  const drawn: LossPoint[] = [];
  let stepBefore = 0;
  for (let start = 0; start < losses.length; start += stride) {
    const group = losses.slice(start, start + stride);
    const last = group.at(-1)!;
    const stepsBefore = stepBefore;
    let sum = 0;
    for (const { step, loss } of group) {
      sum += loss * (step - stepBefore);
      stepBefore = step;
    }
    drawn.push({ ...last, loss: sum / (last.step - stepsBefore) });
  }
  return drawn;
}

/** Where an axis of epochs ends that holds `largest`; an epoch while there is nothing to hold. */
export function findAxisEnd(largest: number): number {
  return makeTicks(largest || 1).at(-1)!;
}

/** Ticks of an axis from 0 that holds `largest`: steps of 1, 2 or 5 times a power of ten. */
export function makeTicks(largest: number): number[] {
  const span = Math.max(largest, 0.01);
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const unit = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 6)!;
  const count = Math.ceil(span / unit - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * unit).toPrecision(6)));
}
