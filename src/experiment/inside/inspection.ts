import type { StoreApi } from 'zustand/vanilla';
import type { Inspected, QuestionOf } from '../../domain/analysis/inspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { answeringNetworks, weightsVersion } from '../runs/answering.ts';
import {
  areStillThere,
  type AskedNetworks,
  askNetworks,
  networksToAsk,
} from '../queries/askNetworks.ts';
import { createQuery, type Query } from '../queries/createQuery.ts';
import type { LabReader } from '../slices.ts';
import type { Inspection, InsideState, InsideView } from './insideState.ts';

/** The fraction of the time that a view may take while it updates in the background. */
const share = 0.04;

interface InspectionPorts {
  readonly lab: Pick<LabReader, 'getState'>;
  readonly inside: Pick<StoreApi<InsideState>, 'getState' | 'setState'>;
  readonly getClient: () => TrainingClient | null;
}

interface InspectionOptions<K extends InsideView, P> {
  /** While networks train, the view updates at most this often. */
  readonly intervalMs: number;
  /** The query's parameters, compared value by value; null while the query is impossible. */
  readonly parts: () => P | null;
  /** Called with the parts and more, so it must name those that it takes. */
  readonly makeQuestion: (parts: P) => QuestionOf<K>;
  readonly isPaused?: () => boolean;
}

interface InspectionQuery extends Query {
  readonly key: () => object | null;
}

/** Sends every network one kind of query while its view is visible; all results appear together. */
export function createInspection<K extends InsideView, P extends object>(
  { lab, inside, getClient }: InspectionPorts,
  kind: K,
  { intervalMs, parts, makeQuestion, isPaused = () => false }: InspectionOptions<K, P>,
): InspectionQuery {
  function key(): (AskedNetworks & P) | null {
    const asked = networksToAsk(getClient(), answeringNetworks(lab.getState()));
    const found = parts();
    return asked && found && { ...asked, ...found };
  }

  const query = createQuery<
    AskedNetworks & P,
    Pick<Inspection<K>, 'question' | 'answers'>,
    Inspection<K>
  >({
    key,
    version: () => weightsVersion(lab.getState()),
    isEnabled: () => inside.getState().view === kind,
    isPaused,
    isUsable: areStillThere,
    pace: { intervalMs, share },
    ask: async (asked, signal, onProgress) => {
      const question = makeQuestion(asked);
      const answers = await askNetworks<Inspected<K>>(
        asked,
        (id) => asked.client.inspect<K>(id, question, signal),
        onProgress,
      );
      return { question, answers };
    },
    toState: (found) => found,
    update: (changes) =>
      inside.setState({
        [kind]: { ...inside.getState()[kind], ...changes },
      } as Partial<InsideState>),
  });

  return { ...query, key };
}
