import type { TrainingClient } from '../../worker/client.ts';
import { answeringNetworks, weightsVersion } from '../runs/answering.ts';
import { type AskedNetworks, askNetworks, networksToAsk } from '../queries/askNetworks.ts';
import { createQuery } from '../queries/createQuery.ts';
import { type LabReader, onChange, type Slice } from '../slices.ts';
import type { LabelledImages } from '../state.ts';
import { type DirectionsState } from './inspectionState.ts';
import { inspectedQuestion } from './inspectedQuestion.ts';
import { inspectionCauses, type StepInspectionController } from './stepInspection.ts';

/** While networks train, they are measured again at most this often, and for a small fraction of the time. */
const pace = { intervalMs: 4000, share: 0.04 };

interface DirectionsKey extends AskedNetworks {
  readonly epsilon: number;
  readonly images: LabelledImages;
}

/** `show` says whether the measurements are visible: otherwise nothing is measured. */
export type DirectionsController = Pick<StepInspectionController, 'show'>;

/** Measures how the loss behaves around the loaded test digits, for every network, with the step's ε. */
export function createDirections(
  lab: LabReader,
  directions: Slice<DirectionsState>,
  getClient: () => TrainingClient | null,
): DirectionsController {
  let isShown = false;

  const measures = createQuery<DirectionsKey, DirectionsState['measures'], DirectionsState>({
    key: () => {
      const state = lab.getState();
      const asked = networksToAsk(getClient(), answeringNetworks(state));
      const question = inspectedQuestion(state);
      const { images } = state.examples;
      return asked && question && images && { ...asked, epsilon: question.epsilon, images };
    },
    version: () => weightsVersion(lab.getState()),
    isEnabled: () => isShown,
    pace,
    ask: (key, signal) =>
      askNetworks(key, (id) => key.client.measureDirections(id, key.images, key.epsilon, signal)),
    toState: (found) => ({ measures: found }),
    update: directions.update,
  });

  onChange(lab, inspectionCauses, () => measures.refresh());

  return {
    show: (shown) => {
      isShown = shown;
      measures.refresh();
    },
  };
}
