import { describeEpochs } from '../../domain/settings/settings.ts';
import { findTrainingStatus } from '../runs/repeats.ts';
import { isSetupOfRuns, longerEpochs } from './commands.ts';
import type { LabState } from '../state.ts';

const counts = ['no', 'one', 'two', 'three', 'four'];

/** What the training button does now, in words. */
export function describeTrain(state: Pick<LabState, 'runs' | 'repeats' | 'setup'>): string {
  const { runs, setup } = state;
  const status = findTrainingStatus(state);
  const isOther = status === 'finished' && !isSetupOfRuns({ runs, setup });
  switch (isOther ? 'none' : status) {
    case 'busy':
    case 'pausing':
      return 'Pause';
    case 'paused':
      return 'Continue training';
    case 'finished': {
      if (runs.some(({ isOpened }) => isOpened)) return 'Train longer';
      const more = new Set(runs.map(({ config: { epochs } }) => longerEpochs(epochs) - epochs));
      const [first] = more;
      // Runs may have epochs of their own.
      return more.size === 1 && first !== 0
        ? `Train ${describeEpochs(first!)} more`
        : 'Train longer';
    }
    case 'none':
    case 'failed': {
      const count = setup.entries.length;
      return `Train ${counts[count]} network${count === 1 ? '' : 's'}`;
    }
  }
}
