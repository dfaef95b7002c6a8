import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../domain/errors.ts';
import type { EnginePreference } from '../../domain/metrics.ts';
import type { ClientEvent, TrainingClient } from '../../worker/client.ts';
import { restoreData } from '../customData/restoreData.ts';
import { type DataPart, type DataState, idleData, type LabState } from '../state.ts';

/** The lab's present client, and what the state says of its engine and data. */
export interface Connection {
  /** Null when it could not be made. */
  readonly getClient: () => TrainingClient | null;
  open(preference: EnginePreference): void;
  /**
   * Ends the present client and makes another.
   *
   * @param why the engine stands in for another one; null when it was chosen as ever
   */
  reopen(preference: EnginePreference, why?: string | null): void;
}

/**
 * @param connect makes a client with workers of its own; called once for each opening
 * @param receive hears every event, after the state has taken it in
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
