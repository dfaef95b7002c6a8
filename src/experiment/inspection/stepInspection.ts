import type { StepInspection } from '../../domain/analysis/stepInspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { createQuery } from '../queries/createQuery.ts';
import { type FoundDigit, pixelsOf } from '../selectedDigit.ts';
import { type LabReader, onChange, type Slice } from '../slices.ts';
import type { InspectedStep, InspectionState } from './inspectionState.ts';
import { inspectedNetwork, inspectedQuestion } from './inspectedQuestion.ts';

/** While the network trains, steps are computed again at most this often, and for a small fraction of the time. */
const pace = { intervalMs: 500, share: 0.05 };

/** What the inspected network, digit and ε follow from. */
export const inspectionCauses = [
  'runs',
  'pretrained',
  'inspection',
  'selectedDigit',
  'examples',
  'drawing',
  'setup',
  'engine',
] as const;

interface StepKey
  extends FoundDigit, Pick<InspectedStep, 'networkId' | 'networkName' | 'config' | 'epsilon'> {
  readonly client: TrainingClient;
}

/** The user's actions on the step in slow motion. */
export interface StepInspectionController {
  choose(changes: Partial<Pick<InspectionState, 'networkId' | 'epsilon'>>): void;
  /** Whether the step is visible: otherwise nothing is computed. */
  readonly show: (isShown: boolean) => void;
  /** Freezes the displayed step while it is played, though training continues. */
  hold(isHeld: boolean): void;
}

/** Computes the selected step, again for another network, digit or ε, and occasionally while the network trains. */
export function createStepInspection(
  lab: LabReader,
  inspection: Slice<InspectionState>,
  getClient: () => TrainingClient | null,
): StepInspectionController {
  const { getState } = lab;
  let isShown = false;
  let isHeld = false;

  const step = createQuery<StepKey, StepInspection, InspectionState>({
    key: () => {
      const client = getClient();
      const question = inspectedQuestion(getState());
      if (client === null || question === null) return null;
      const { network, digit, epsilon } = question;
      const { id: networkId, name: networkName, config } = network;
      return { client, networkId, networkName, config, ...digit, epsilon };
    },
    version: () => {
      const network = inspectedNetwork(getState());
      if (isHeld || network === null) return null;
      return 'progress' in network ? network.progress?.step : 0;
    },
    isEnabled: () => isShown,
    pace,
    ask: ({ client, networkId, images, index, label, epsilon }, signal) => {
      const image = pixelsOf({ images, index });
      return client.inspectStep(networkId, image, label, epsilon, signal);
    },
    toState: (found, { networkId, networkName, config }) => ({
      step: { ...found, networkId, networkName, config },
    }),
    update: inspection.update,
  });

  onChange(lab, inspectionCauses, () => step.refresh());

  return {
    choose: (changes) => inspection.update(changes),
    show: (shown) => {
      isShown = shown;
      step.refresh();
    },
    hold: (held) => {
      isHeld = held;
      step.refresh();
    },
  };
}
