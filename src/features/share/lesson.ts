import { type Place, placeOfPanel, placeToOpen } from '../../experiment/places.ts';
import { type HideablePanel, hideablePanels } from '../../experiment/state.ts';
import { panelNames } from './panelNames.ts';

/** What a link shows. */
export interface Lesson {
  /** Panels that the link hides. */
  readonly hidden: readonly HideablePanel[];
  /** The place that it opens. */
  readonly place: Place;
}

/** A ready lesson: everything that it does not show is hidden. */
interface Template {
  readonly label: string;
  readonly description: string;
  readonly shown: readonly HideablePanel[];
  readonly place: Place;
}

export type TemplateName = 'attack' | 'train' | 'how' | 'everything';

export const templates: Readonly<Record<TemplateName, Template>> = {
  attack: {
    label: 'Attack only',
    description: 'Fool three trained networks, on the pad and on test digits.',
    shown: ['draw', 'examples'],
    place: 'lab',
  },
  train: {
    label: 'Train',
    description: 'Train networks, and see which of them resist the attack.',
    shown: ['draw', 'train', 'setup', 'curves', 'examples', 'results'],
    place: 'lab',
  },
  how: {
    label: 'How it works',
    description: 'One training step in slow motion, on the digit from the pad.',
    shown: ['draw', 'how'],
    place: 'how',
  },
  everything: {
    label: 'Everything',
    description: 'The whole page.',
    shown: hideablePanels,
    place: 'lab',
  },
};

/** Panels that are part of another one, or empty without it. */
const parents: Partial<Record<HideablePanel, HideablePanel>> = {
  setup: 'train',
  advanced: 'setup',
  curves: 'train',
  results: 'train',
};

/** The panels in the order in which a user meets them. */
export const orderedPanels = Object.keys(panelNames) as HideablePanel[];

export function lessonOf(name: TemplateName): Lesson {
  const { shown, place } = templates[name];
  return { hidden: hideablePanels.filter((panel) => !shown.includes(panel)), place };
}

/** The template that a lesson is, or null if it is none of them. */
export function findTemplate({ hidden, place }: Lesson): TemplateName | null {
  const names = Object.keys(templates) as TemplateName[];
  const found = names.find((name) => {
    const lesson = lessonOf(name);
    const isSame = hideablePanels.every(
      (panel) => hidden.includes(panel) === lesson.hidden.includes(panel),
    );
    return isSame && lesson.place === place;
  });
  return found ?? null;
}

/** The panel without which another one cannot be shown, if the lesson hides it. */
export function findMissingParent(
  panel: HideablePanel,
  hidden: readonly HideablePanel[],
): HideablePanel | null {
  const parent = parents[panel];
  return parent !== undefined && hidden.includes(parent) ? parent : null;
}

/** Shows or hides a panel. What is part of a hidden panel is hidden too. */
export function showPanel(lesson: Lesson, panel: HideablePanel, isShown: boolean): Lesson {
  const chosen = hideablePanels.filter((one) =>
    one === panel ? !isShown : lesson.hidden.includes(one),
  );
  return { ...lesson, hidden: withChildren(chosen) };
}

/** The place that the lesson opens; another one than chosen if that one has nothing left. */
export function openedPlace({ hidden, place }: Lesson): Place {
  return placeToOpen(place, hidden);
}

function withChildren(hidden: readonly HideablePanel[]): readonly HideablePanel[] {
  const isGone = (panel: HideablePanel): boolean => {
    const parent = parents[panel];
    return hidden.includes(panel) || (parent !== undefined && isGone(parent));
  };
  return hideablePanels.filter(isGone);
}

/** The panels of a place, in order. */
export function panelsOf(place: Place): readonly HideablePanel[] {
  return orderedPanels.filter((panel) => placeOfPanel[panel] === place);
}
