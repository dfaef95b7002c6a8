import type { Extent } from '../api.ts';

/** The number of weight updates after which a run with this extent pauses if it starts at `step`. */
export function stepToPauseAt(extent: Extent, step: number, stepsPerEpoch: number): number {
  switch (extent) {
    case 'none':
      return step;
    case 'step':
    case 'half-step':
      return step + 1;
    case 'epoch':
      return (Math.floor(step / stepsPerEpoch) + 1) * stepsPerEpoch;
    case 'end':
      return Infinity;
  }
}
