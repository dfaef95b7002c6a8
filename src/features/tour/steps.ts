import { hasColorImages } from '../../experiment/runs/answering.ts';
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
  /** The step's panel, if a link may hide it. */
  readonly panel: HideablePanel | null;
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

/** A loaded test digit, or null before there is one and when the test images are the user's own. */
function findTestDigit({ examples: { images }, customData }: LabState): Float32Array | null {
  if (customData.loaded !== null) return null;
  const index = images?.labels.indexOf(tourDigit) ?? -1;
  return images && index >= 0 ? images.images.slice(784 * index, 784 * (index + 1)) : null;
}

export const tourStops: Readonly<Record<TourStep, TourStop>> = {
  choose: {
    title: 'Choose what to train',
    text: 'A preset is an experiment that is ready to start: a network, its settings, and the training methods that are compared. The Quick look sets plain back-propagation, dropout and adversarial back-propagation beside one another, on a small network that learns in seconds.',
    places: [panel('Setup'), 'button[aria-label="Setup"]'],
    panel: 'setup',
    action: {
      label: 'Choose the Quick look',
      run: (lab) => lab.choosePreset('quick'),
      disabledReason: never,
      done: 'The Quick look is chosen; the setup shows its settings.',
    },
  },
  race: {
    title: 'Train them side by side',
    text: 'All runs start from the same weights and see the same images in the same order; they differ only in what they train on. Their curves appear below while they train, and you can pause at any time.',
    places: ['[role="group"][aria-label="Experiment"]'],
    panel: null,
    action: {
      label: 'Start the experiment',
      run: (lab) => lab.train(),
      disabledReason: (state) =>
        findExperimentStatus(state.runs) === 'finished'
          ? 'The experiment on the page is finished. Continue the tour, or press Reset to train again.'
          : findDisabledReason(state, 'train'),
      done: 'Training has started. Continue the tour meanwhile.',
    },
  },
  attack: {
    title: 'Attack them',
    text: 'The attack moves every pixel by up to ε along the sign of the network’s own gradient (FGSM). Slide ε and compare the answers before and after: the adversarially trained network keeps many more of its own than the others.',
    places: [panel('Examples')],
    panel: 'examples',
    action: {
      label: `Set the attack’s ε to ${tourEpsilon.toFixed(2)}`,
      run: (lab) => lab.setAttackEpsilon(tourEpsilon),
      disabledReason: never,
      done: `ε is ${tourEpsilon.toFixed(2)}: the examples are attacked with it, and so are the next measurements.`,
    },
  },
  draw: {
    title: 'Draw a digit yourself',
    text: 'Every network answers while you draw. Below the answers your digit is attacked, too, and the smallest ε that changes an answer can be searched.',
    places: [panel('Draw')],
    panel: 'draw',
    action: {
      label: `Put a test ${tourDigit} on the pad`,
      run: (lab) => {
        const digit = findTestDigit(lab.store.getState());
        if (digit) lab.drawing.place(digit);
      },
      disabledReason: (state) => {
        if (state.customData.loaded !== null) {
          return `The test images on the page are your own. Choose MNIST under Data for a test ${tourDigit}.`;
        }
        return findTestDigit(state) === null ? 'The test digits are still on their way.' : null;
      },
      done: `A ${tourDigit} is on the pad. Draw over it, or clear it and draw your own.`,
    },
  },
  inside: {
    title: 'Look inside',
    text: 'What has adversarial training done to the networks? Inside shows their weights, gradients and mistakes; How it works takes one training step in slow motion, with the numbers of the networks on this page.',
    places: [panel('Inside the networks')],
    panel: 'inside',
    action: {
      label: 'Show the step in slow motion',
      run: () => undefined,
      disabledReason: (state) => {
        if (state.hiddenPanels.includes('how')) {
          return 'This link has hidden How it works; the end of the page shows it again.';
        }
        return hasColorImages(state)
          ? 'The step in slow motion is made for 28 × 28 grey pixels. Choose MNIST under Data to see it.'
          : null;
      },
      done: 'Press Play slowly there, or point at the equation.',
    },
  },
};

/** The place that the last step's action leads to. */
export const slowMotionPlace = panel('How it works');
