import type { TrainingClient } from '../../worker/client.ts';
import {
  addMeasurement,
  makeL2Attack,
  type Measurement,
  sweepSizes,
  sweptL2Epsilons,
} from '../runs/measurements.ts';
import type { Slice } from '../slices.ts';
import type { Robustness } from '../state.ts';

type Part = (client: TrainingClient, signal: AbortSignal) => Promise<void>;

/**
 * The parts of measuring the curves of runs under PGD in the Euclidean norm: first a copy of each network, so that a curve
 * belongs to one step; then the runs take turns, so that all curves grow together.
 */
export function makeL2Curves(runIds: readonly string[], robustness: Slice<Robustness>): Part[] {
  const add = (id: string, measurement: Measurement): void => {
    const { l2 } = robustness.get();
    robustness.update({ l2: { ...l2, [id]: addMeasurement(l2[id] ?? [], measurement) } });
  };
  const freezing = runIds.map((id): Part => async (client, signal) => {
    await client.freeze(id, signal);
  });
  const measuring = sweptL2Epsilons.flatMap((epsilon) =>
    runIds.map((id): Part => async (client, signal) => {
      const attack = makeL2Attack(epsilon);
      const { mistakes: _, ...found } = await client.measure(id, attack, sweepSizes.final, signal);
      add(id, found);
    }),
  );
  return [...freezing, ...measuring];
}
