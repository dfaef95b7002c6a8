import { firstDigits } from '../../experiment/drawing/firstScreen.ts';
import { findDisabledReason } from '../../experiment/training/commands.ts';
import type { Lab } from '../../experiment/lab.ts';
import { findExperimentStatus } from '../../experiment/runs/run.ts';
import type { HideablePanel, LabState } from '../../experiment/state.ts';
import type { TourStep } from '../../experiment/link/tour.ts';

/** The text and action of one step of the tour. */
export interface TourStop {
  readonly title: string;
  readonly text: string;
  /** Selectors of its place; the first one that is on the page is used. */
  readonly places: readonly string[];
  /** The step's panel, which a link may hide. */
  readonly panel: HideablePanel;
  /** Whether its place is at the bottom of a phone's screen. */
  readonly isDocked?: boolean;
  /** The action of the step's button. */
  readonly action: {
    readonly label: string;
    readonly run: (lab: Lab) => void;
    /** Why the action is disabled, or null when it is available. */
    readonly disabledReason: (state: LabState) => string | null;
    /** Text that describes the result of the action. */
    readonly done: string;
  };
}

const panel = (title: string): string => `[data-panel="${title}"]`;
const never = (): null => null;
const tourEpsilon = 0.2;
const tourDigit = 7;

export const tourStops: Readonly<Record<TourStep, TourStop>> = {
  fooled: {
    title: 'A digit that fools networks',
    text: 'Each network gets its own version of the digit: every pixel is nudged by at most ε, in the direction that raises the network’s loss. You hardly see the nudge, but the prediction changes. Drag ε and watch.',
    places: [panel('Draw')],
    panel: 'draw',
    action: {
      label: `Set ε to ${tourEpsilon.toFixed(2)}`,
      run: (lab) => lab.setAttackEpsilon(tourEpsilon),
      disabledReason: never,
      done: `ε is ${tourEpsilon.toFixed(2)}: compare the three predictions.`,
    },
  },
  draw: {
    title: 'Draw a digit yourself',
    text: 'The networks predict while you draw. When you lift the pen, the page searches for the smallest nudge that fools each of them.',
    places: [panel('Draw')],
    panel: 'draw',
    action: {
      label: `Put a test ${tourDigit} on the pad`,
      run: (lab) => lab.drawing.place(firstDigits[tourDigit]!),
      disabledReason: never,
      done: `A ${tourDigit} is on the pad. Draw over it, or clear it and draw your own.`,
    },
  },
  train: {
    title: 'Train your own',
    text: 'All networks start from the same weights and see the same images in the same order; they differ only in what they train on. Their predictions change while they train, and you can pause at any time.',
    places: ['[role="group"][aria-label="Experiment"]'],
    panel: 'train',
    isDocked: true,
    action: {
      label: 'Start training',
      run: (lab) => lab.train(),
      disabledReason: (state) =>
        state.hiddenPanels.includes('train')
          ? 'This link hides training; you can show it again at the end of the page.'
          : findExperimentStatus(state.runs) === 'finished'
            ? 'The networks on the page are trained. Continue the tour.'
            : findDisabledReason(state, 'train'),
      done: 'Training has started. Continue the tour in the meantime.',
    },
  },
  verdict: {
    title: 'Read the verdict',
    text: 'When all networks are measured, the verdict takes the headline’s place. It also says what adversarial training costs: in a short run more errors on clean digits, and two to three times the time.',
    places: [panel('Draw')],
    panel: 'draw',
    action: {
      label: 'See one step in slow motion',
      run: (lab) => lab.openTab('step'),
      disabledReason: (state) =>
        state.hiddenPanels.includes('how')
          ? 'This link hides How it works; you can show it again at the end of the page.'
          : null,
      done: 'Press Play slowly there, or point at the equation.',
    },
  },
};
