import { type ImageSet, selectImages } from '../../data/imageSet.ts';
import type { Attack, StrongestAttack } from '../../domain/metrics.ts';
import { attackBatch, type AttackPart, marginPgdRestart } from '../attacks.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { forward } from '../backprop.ts';
import type { Network } from '../network.ts';
import { attackUpToLastPart, chunkSizeFor, stepsOf } from '../pieces.ts';
import { readResults } from '../readResults.ts';
import { squareAttack } from './square.ts';

/** Untargeted restarts of margin PGD and their steps, and predictions that Square may ask for. */
export const strongestRestarts = 5;
export const strongestSteps = 100;
export const strongestQueries = 1500;
/** Classes that images are moved to, the most probable ones, and steps of each. */
export const strongestTargets = 9;
export const strongestTargetSteps = 50;

/** Images that Square attacks at once: many, because each of its queries is small. */
const groupSize = 200;

/** Attacks of one or twenty gradients that come first: they find most errors, at a fraction of the price. */
export function weakerAttacks({ epsilon, clip, seed }: Omit<StrongestAttack, 'kind'>) {
  const ball = { epsilon, clip };
  return {
    fgsm: { kind: 'fgsm', ...ball },
    pgd: { kind: 'pgd', ...ball, steps: 20, stepSize: Math.min(1, epsilon / 8), seed },
    'margin-pgd': { kind: 'margin-pgd', ...ball, steps: 20, seed },
  } as const satisfies Record<string, Attack>;
}

/**
 * Which images survive: 1 where the network predicts the label, [count]. `clean` is without an attack and the next three
 * are under one attack each; `restarts` also counts all before it, and `strongest` Square too.
 */
export type Survivors = Readonly<
  Record<'clean' | keyof ReturnType<typeof weakerAttacks> | 'restarts' | 'strongest', Uint8Array>
>;

/**
 * Attacks images of a set with everything there is: FGSM, PGD on the training loss, margin PGD, margin PGD of 100 steps
 * from 5 random starts and of 50 steps towards 9 classes, and Square on what survives these. An attack gives a lower
 * bound of the error: a still stronger one may find more.
 *
 * @param first index of the first image in the set. All random numbers of an image follow from its index, so results do
 *   not depend on how a set is divided.
 * @param yieldToEventLoop awaited often, so that the caller can handle messages; throws to stop
 * @param isHard whether an image is also worth the restarts and Square, by its index in the set
 */
export async function attackStrongest(
  backend: Backend,
  network: Network,
  set: ImageSet,
  first: number,
  count: number,
  attack: Omit<StrongestAttack, 'kind'>,
  yieldToEventLoop: () => Promise<void>,
  isHard: (index: number) => boolean = () => true,
): Promise<Survivors> {
  const survivors = {
    clean: new Uint8Array(count),
    fgsm: new Uint8Array(count),
    pgd: new Uint8Array(count),
    'margin-pgd': new Uint8Array(count),
    restarts: new Uint8Array(count),
    strongest: new Uint8Array(count),
  } satisfies Survivors;
  const weaker = weakerAttacks(attack);
  const longest = { ...attack, kind: 'margin-pgd', steps: strongestSteps } as const;
  const chunkSize = chunkSizeFor(network, longest);
  const alive = new Uint8Array(count);
  const findLeft = (from: number, to: number) =>
    Uint32Array.from({ length: to - from }, (_, i) => first + from + i).filter(
      (index) => alive[index - first],
    );
  const findHard = (from: number, to: number) => findLeft(from, to).filter(isHard);
  /** Runs an attack on images of the set, some at a time; returns which are still predicted as their labels. */
  async function attackInChunks(
    indices: Uint32Array,
    steps: number,
    make: (images: Matrix, labels: Matrix, chunk: Uint32Array, part: AttackPart) => Matrix,
  ): Promise<Uint8Array> {
    const survive = new Uint8Array(indices.length);
    for (let from = 0; from < indices.length; from += chunkSize) {
      const chunk = indices.subarray(from, from + chunkSize);
      const makePart = (part: AttackPart) =>
        make(backend.loadImages(set, chunk), backend.loadLabels(set, chunk), chunk, part);
      const last = await attackUpToLastPart(
        backend,
        network,
        steps,
        chunk.length,
        makePart,
        yieldToEventLoop,
      );
      const { logits } = await readResults(backend, () => ({
        logits: forward(backend, network, makePart(last)).logits,
      }));
      chunk.forEach((index, i) => {
        survive[from + i] = Number(isPredicted(logits, i, set, index));
      });
      await yieldToEventLoop();
    }
    return survive;
  }
  /**
   * Margin PGD towards each other class: away from the label alone it ends at the class that is nearest at first (Gowal et
   * al. 2019, "An Alternative Surrogate Loss for PGD-based Adversarial Testing").
   */
  async function attackTowardsTargets(from: number, to: number): Promise<void> {
    const steps = strongestTargetSteps;
    const targeted = { ...longest, steps };
    const ranking = await rankOtherClasses(findHard(from, to));
    for (let rank = 0; rank < Math.min(strongestTargets, set.classes - 1); rank++) {
      const left = findHard(from, to);
      const restart = strongestRestarts + 1 + rank;
      const survive = await attackInChunks(left, steps, (images, _, chunk, part) => {
        const targets = Float32Array.from(chunk, (index) => ranking.get(index)![rank]!);
        const classes = backend.upload(targets, chunk.length, 1);
        const aim = { classes, isTargeted: true };
        return marginPgdRestart(backend, network, images, aim, targeted, chunk, restart, part);
      });
      keepAlive(left, survive);
    }
  }
  /** The classes but the label, from the largest logit of the image as it is to the smallest, by index in the set. */
  async function rankOtherClasses(indices: Uint32Array): Promise<Map<number, number[]>> {
    const ranking = new Map<number, number[]>();
    for (let from = 0; from < indices.length; from += chunkSize) {
      const chunk = indices.subarray(from, from + chunkSize);
      const { logits } = await readResults(backend, () => ({
        logits: forward(backend, network, backend.loadImages(set, chunk)).logits,
      }));
      chunk.forEach((index, i) => {
        const row = logits.subarray(i * set.classes, (i + 1) * set.classes);
        const others = [...row.keys()].filter((one) => one !== set.labels[index]);
        ranking.set(
          index,
          others.sort((a, b) => row[b]! - row[a]!),
        );
      });
      await yieldToEventLoop();
    }
    return ranking;
  }
  const keepAlive = (indices: Uint32Array, survive: ArrayLike<number>) =>
    indices.forEach((index, i) => {
      if (!survive[i]) alive[index - first] = 0;
    });

  for (let from = 0; from < count; from += groupSize) {
    const to = Math.min(count, from + groupSize);
    alive.fill(1, from, to);
    const all = findLeft(from, to);
    const run = async (
      part: 'clean' | keyof typeof weaker,
      ...how: [steps: number, make: Parameters<typeof attackInChunks>[2]]
    ) => {
      const survive = await attackInChunks(all, ...how);
      survivors[part].set(survive, from);
      keepAlive(all, survive);
    };
    await run('clean', 0, (images) => images);
    for (const [part, weak] of Object.entries(weaker) as [keyof typeof weaker, Attack][]) {
      await run(part, stepsOf(weak), (images, labels, chunk, of) =>
        attackBatch(backend, network, images, labels, weak, undefined, chunk[0]!, of),
      );
    }
    for (let restart = 1; restart <= strongestRestarts; restart++) {
      const left = findHard(from, to);
      const survive = await attackInChunks(left, strongestSteps, (images, labels, chunk, part) =>
        marginPgdRestart(
          backend,
          network,
          images,
          { classes: labels, isTargeted: false },
          longest,
          chunk,
          restart,
          part,
        ),
      );
      keepAlive(left, survive);
    }
    await attackTowardsTargets(from, to);
    survivors.restarts.set(alive.subarray(from, to), from);
    const left = findHard(from, to);
    if (left.length > 0) {
      const images = new Float32Array(left.length * set.features);
      left.forEach((index, i) => images.set(selectImages(set, index, 1).images, i * set.features));
      const labels = Uint8Array.from(left, (index) => set.labels[index]!);
      const options = { ...attack, queries: strongestQueries };
      const order = set.pixelOrder ?? null;
      const { isFooled } = await squareAttack(
        backend,
        network,
        { images, labels, indices: left },
        options,
        order,
        yieldToEventLoop,
      );
      keepAlive(
        left,
        isFooled.map((one) => Number(!one)),
      );
    }
    survivors.strongest.set(alive.subarray(from, to), from);
  }
  return survivors;
}

/** Whether the largest logit of row i is at the label; of equal ones the first counts. */
function isPredicted(
  logits: Float32Array | Float64Array,
  i: number,
  { classes, labels }: ImageSet,
  index: number,
): boolean {
  const row = logits.subarray(i * classes, (i + 1) * classes);
  return row.indexOf(Math.max(...row)) === labels[index];
}
