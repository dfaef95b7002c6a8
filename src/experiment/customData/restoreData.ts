import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../domain/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { isExpectedFailure } from '../queries/isExpectedFailure.ts';
import type { LabState } from '../state.ts';

/** Gives a new worker the files of the previous one. Until it has read them, no others can be chosen. */
export function restoreData(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  client: TrainingClient | null,
): void {
  const { files, isTransposed, turn: before } = getState().customData;
  if (client === null || files === null) return;
  const turn = before + 1;
  function set(changes: Partial<LabState['customData']>): void {
    const { customData } = getState();
    if (customData.turn === turn) setState({ customData: { ...customData, ...changes } }); // otherwise other data were chosen
  }
  // Files that the previous worker did not finish reading are not part of the present data.
  const { reading, previousFiles } = getState().customData;
  const rest = { reading: null, previousFiles: reading ?? previousFiles };
  setState({ customData: { ...getState().customData, ...rest, isReading: true, turn } });
  client.useData(files, isTransposed).then(
    () => set({ isReading: false }),
    (thrown: unknown) =>
      set({
        isReading: false,
        ...(!isExpectedFailure(thrown) && {
          loaded: null,
          files: null,
          previousFiles: { files, isTransposed },
          isTransposed: false,
          error: reportError(thrown),
        }),
      }),
  );
}
