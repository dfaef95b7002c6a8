import type { RunConfig } from '../../domain/settings/config.ts';
import type { DirectionMeasures } from '../../domain/analysis/directionMeasures.ts';
import type { StepInspection } from '../../domain/analysis/stepInspection.ts';
import { idleQuery, type QueryStatus } from '../queries/createQuery.ts';

/** A computed step with its inputs. */
export interface InspectedStep extends StepInspection {
  readonly networkId: string;
  readonly networkName: string;
  readonly config: RunConfig;
}

/** A training step in slow motion: the selection and the computed result. */
export interface InspectionState extends QueryStatus {
  /**
   * Null selects the experiment's adversarial run, or else the first network: among the pretrained ones the plain
   * network, on which the step does most.
   */
  readonly networkId: string | null;
  /** A training ε to try instead of the network's own. */
  readonly epsilon: number | null;
  /** The newest step; briefly an older one while another is computed. */
  readonly step: InspectedStep | null;
}

/** How the loss behaves around the loaded test digits. */
export interface DirectionsState extends QueryStatus {
  /** By network id; all with the same ε and digits. */
  readonly measures: Readonly<Record<string, DirectionMeasures>>;
}

export const initialDirections: DirectionsState = { measures: {}, ...idleQuery };

export const initialInspection: InspectionState = {
  networkId: null,
  epsilon: null,
  step: null,
  ...idleQuery,
};
