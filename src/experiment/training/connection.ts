import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../domain/errors.ts';
import type { EnginePreference } from '../../domain/metrics.ts';
import type { ClientEvent, TrainingClient } from '../../worker/client.ts';
import { restoreData } from '../customData/restoreData.ts';
import { type DataPart, type DataState, idleData, type LabState } from '../state.ts';

/** The lab's present client, and the state of its engine and data. */
export interface Connection {
  /** Null if it could not be made. */
  readonly getClient: () => TrainingClient | null;
  open(preference: EnginePreference): void;
  /**
   * Closes the present client and creates another.
   *
   * @param why the reason if the engine replaces another one, or null if it was selected normally
   */
  reopen(preference: EnginePreference, why?: string | null): void;
}

/**
 * @param connect makes a client with its own workers; called once for each opening
 * @param receive is called with every event after the state was updated
 */
export function createConnection(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  connect: (engine: EnginePreference) => TrainingClient,
  receive: (event: ClientEvent) => void,
): Connection {
  let client: TrainingClient | null = null;
  let unsubscribe = (): void => undefined;
  let whyReplaced: string | null = null;

  function open(preference: EnginePreference): void {
    try {
      client = connect(preference);
      unsubscribe = client.subscribe(take);
    } catch (thrown) {
      take({ type: 'engineFailed', error: reportError(thrown) });
    }
  }

  function take(event: ClientEvent): void {
    if (event.type === 'engineReady') {
      const reason = whyReplaced ?? event.engine.reason;
      setState({ engine: { status: 'ready', engine: { ...event.engine, reason } } });
    } else if (event.type === 'dataProgress') {
      const { loadedBytes, totalBytes } = event;
      setData(event.part, { status: 'loading', loadedBytes, totalBytes });
    } else if (event.type === 'dataReady') {
      setData(event.part, { status: 'ready' });
    } else if (event.type === 'dataFailed') {
      setData(event.part, { status: 'failed', error: event.error });
    }
    receive(event);
  }

  function setData(part: DataPart, state: DataState): void {
    setState({ data: { ...getState().data, [part]: state } });
  }

  return {
    getClient: () => client,
    open,
    reopen: (preference, why = null) => {
      whyReplaced = why;
      unsubscribe();
      client?.terminate();
      client = null;
      setState({ engine: { status: 'starting' }, data: idleData });
      open(preference);
      restoreData({ getState, setState }, client);
    },
  };
}
