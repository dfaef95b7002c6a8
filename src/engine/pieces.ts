import type { Attack } from '../domain/metrics.ts';
import type { AttackPart } from './attacks.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import type { Network } from './network.ts';

/*
 * Long work is done in pieces, between which the caller handles messages: so a page can cancel it. What it computes is the
 * same however it is divided, because every row of a product has its own sums.
 */

/** Multiply-adds in one piece, few enough that a backend that blocks its thread soon handles the next message. */
const pieceWork = 200e6;
/** Most images in one chunk: enough to keep a GPU busy. */
const maxChunkSize = 500;
/** Fewer images take almost as long, because each weight is read once a chunk. */
const minChunkSize = 16;
/** Rows that a SIMD product computes at once: fewer take as long. */
const tileRows = 6;

function weightsOf(network: Network): number {
  return network.layers.reduce(
    (sum, { parameters }) => sum + parameters.rows * parameters.columns,
    0,
  );
}

/** Number of rows in one chunk, given the multiply-adds that each takes. */
export function chunkSizeOf(workOfRow: number, least = minChunkSize, most = maxChunkSize): number {
  return Math.max(least, Math.min(most, Math.floor(pieceWork / workOfRow)));
}

/** Gradients of an attack that follow one after another. */
export function stepsOf(attack: Attack | null): number {
  if (attack === null || attack.kind === 'random-signs') return 0;
  return 'steps' in attack ? attack.steps : 1;
}

/** Number of images in one chunk, given how many passes through the network the attack takes; without one, a single pass. */
export function chunkSizeFor(network: Network, attack: Attack | null): number {
  const passes = attack === null ? 1 : 'steps' in attack ? 2 + 2 * attack.steps : 3;
  return chunkSizeOf(weightsOf(network) * passes);
}

/** Steps of an attack in one part, beside a pass before it and one after it. */
function stepsAtOnce(network: Network, images: number): number {
  const passes = Math.floor(pieceWork / (weightsOf(network) * Math.max(tileRows, images)));
  return Math.max(1, Math.floor((passes - 2) / 2));
}

/** Whether an attack on this many images, or without one a pass, is one piece. */
export function isOnePiece(network: Network, attack: Attack | null, images: number): boolean {
  if (images > chunkSizeFor(network, attack)) return false;
  return stepsOf(attack) <= stepsAtOnce(network, images);
}

/**
 * Attacks a chunk of images part by part, up to the last part.
 *
 * @param steps of the attack (`stepsOf`)
 * @param make does a part, in a scope
 * @param yieldToEventLoop awaited after each part; throws to stop
 * @returns the last part, which the caller does: in one piece with what it does before and after the attack
 */
export async function attackUpToLastPart(
  backend: Backend,
  network: Network,
  steps: number,
  images: number,
  make: (part: AttackPart) => Matrix,
  yieldToEventLoop: () => Promise<void>,
): Promise<AttackPart> {
  const size = stepsAtOnce(network, images);
  let reached: Matrix | null = null;
  let from = 0;
  for (; from + size < steps; from += size) {
    const part: AttackPart = { from, to: from + size, reached };
    const next = backend.scope((keep) => keep(make(part)));
    try {
      // One part in flight: this bounds the queue, and a message waits for one part at most.
      await backend.finished();
      await yieldToEventLoop();
    } catch (error) {
      backend.free(next);
      throw error;
    }
    reached = next;
  }
  return { from, to: steps, reached };
}
