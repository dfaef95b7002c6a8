import type { LabState } from './state.ts';

/** What a person can tell a run to do. */
export type RunCommand = 'train' | 'pause' | 'step' | 'trainEpoch' | 'reset';
export type Command = RunCommand | 'chooseEngine';

/** Why a command cannot be given now, as a sentence for the person; null when it can. */
export function findObstacle(
  { run, engine, settings }: Pick<LabState, 'run' | 'engine' | 'settings'>,
  command: Command,
): string | null {
  switch (command) {
    case 'pause':
      return run?.status === 'running' || run?.status === 'starting'
        ? null
        : 'Nothing is training.';
    case 'reset':
      return run === null ? 'There is no run to reset.' : null;
    case 'chooseEngine':
      return run === null ? null : 'Reset the run to change its engine.';
    case 'train':
    case 'step':
    case 'trainEpoch': {
      if (engine.status === 'failed') return 'The engine has stopped. Restart it to train.';
      if (run?.status === 'paused') return null;
      if (run?.status === 'finished') return 'This run is finished. Reset to train again.';
      if (run !== null && run.status !== 'failed') return 'Training is under way.';
      const error = Object.values(settings.errors)[0];
      return error === undefined ? null : `Correct the setup to train. ${error}`;
    }
  }
}
