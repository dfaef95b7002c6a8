import type { RunConfig } from '../../domain/settings/config.ts';
import type { DirectionMeasures } from '../../domain/analysis/directionMeasures.ts';
import type { StepInspection } from '../../domain/analysis/stepInspection.ts';
import { idleQuery, type QueryStatus } from '../queries/createQuery.ts';

/** A step as it was computed, with what it was computed for. */
export interface InspectedStep extends StepInspection {
  readonly networkId: string;
  readonly networkName: string;
  readonly config: RunConfig;
}

/** A training step in slow motion: what to look at, and what the engine computed of it. */
export interface InspectionState extends QueryStatus {
  /**
   * Null: the race's adversarial run. Else the first network: of those that came with the page, the plain
   * one, on which the step does most.
   */
  readonly networkId: string | null;
  /** A training ε that is tried in place of the network's own. */
  readonly epsilon: number | null;
  /** The newest one; for a moment an older one, while another is computed. */
  readonly step: InspectedStep | null;
}

/** How the loss behaves around the loaded test digits. */
export interface DirectionsState extends QueryStatus {
  /** By network; all of the same ε and digits. */
  readonly measures: Readonly<Record<string, DirectionMeasures>>;
}

export const initialDirections: DirectionsState = { measures: {}, ...idleQuery };

export const initialInspection: InspectionState = {
  networkId: null,
  epsilon: null,
  step: null,
  ...idleQuery,
};
