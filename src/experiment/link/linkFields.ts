import { defaultAttackEpsilon } from '../../domain/settings/config.ts';
import { ownTestCount } from '../../domain/dataSet.ts';
import { enginePreferences } from '../../domain/metrics.ts';
import { type NumberKind, readNumber } from '../../domain/settings/numberText.ts';
import { decodeDigit, encodeDigit } from '../../digits/compactDigit.ts';
import { firstPad } from '../drawing/firstScreen.ts';
import { inputOfPad } from '../drawing/padInput.ts';
import { type Place, places } from '../places.ts';
import { firstTabs, placeOfTab, type Tab, tabs, tabToName, withTab } from '../tabs.ts';
import { sweptEpsilons } from '../runs/measurements.ts';
import {
  createInitialState,
  exampleFilters,
  hideablePanels,
  type LabState,
  type View,
} from '../state.ts';
import { olderTourSteps, tourSteps } from './tour.ts';

/** The content of a link: the experiment that would start now, and the view. */
export interface LinkedState extends Pick<
  LabState,
  | 'setup'
  | 'attackEpsilon'
  | 'view'
  | 'enginePreference'
  | 'hiddenPanels'
  | 'tourStep'
  | 'isPresenting'
> {
  /** Index of the first example in the test set. */
  readonly firstExample: number;
  /** [784] the digit on the pad, in 16 gray levels; null if the link has none. */
  readonly drawing: Float32Array | null;
  /** The part of the page that is shown; null in links from before there were several. */
  readonly place: Place | null;
  /** The open tab of this place; null for its first, or if it has none. */
  readonly tab: Tab | null;
}

/** The part of the lab's state that a link contains. */
export function linkedPart(state: LabState): LinkedState {
  const { setup, attackEpsilon, view, examples, drawing } = state;
  const { enginePreference, hiddenPanels, place, openTabs, tourStep, isPresenting } = state;
  return {
    setup,
    attackEpsilon,
    view,
    firstExample: examples.first,
    // The page's own first digit is in no link.
    drawing: drawing.pad === firstPad ? null : inputOfPad(drawing.pad, drawing.normalized),
    enginePreference,
    hiddenPanels,
    place,
    tab: tabToName(place, openTabs),
    tourStep,
    isPresenting,
  };
}

/** The defaults of a page without a link. */
export const defaultState: LinkedState = { ...linkedPart(createInitialState()), place: null };

/** Links are written from this state; until November 2026 the default attack ε was 0.08. */
export const stateOfEmptyLink: LinkedState = {
  ...defaultState,
  attackEpsilon: defaultAttackEpsilon,
};

/** The spelling of one value. `read` returns undefined for an invalid text. */
interface Format<T> {
  /** What a value looks like, as the continuation of "Expected". */
  readonly expected: string;
  readonly read: (text: string) => T | undefined;
  readonly write: (value: T) => string;
}

/** @param older values that links had before, and what they are now */
function oneOf<const T extends string>(
  values: readonly T[],
  older: Readonly<Record<string, T>> = {},
): Format<T> {
  return {
    expected: `one of ${values.join(', ')}`,
    read: (text) => values.find((value) => value === (older[text] ?? text)),
    write: (value) => value,
  };
}

/**
 * Several values of a list, each once; written in the order of the list.
 *
 * @param older values that links had before, and what they are now
 */
function someOf<const T extends string>(
  values: readonly T[],
  older: Readonly<Record<string, T>> = {},
): Format<readonly T[]> {
  return {
    expected: `one or more of ${values.join(', ')}, joined by commas, each once`,
    read: (text) => {
      const parts = text.split(',').map((part) => older[part] ?? part);
      const found = values.filter((value) => parts.includes(value));
      return found.length === parts.length ? found : undefined;
    },
    write: (chosen) => values.filter((value) => chosen.includes(value)).join(','),
  };
}

/** A number with its limits, in the units that the page shows. */
function numberFrom(min: number, max: number, kind: NumberKind = 'real'): Format<number> {
  return {
    expected: `a ${kind === 'whole' ? 'whole ' : ''}number from ${min} to ${max}`,
    read: (text) => {
      const value = readNumber(text, kind);
      const isAllowed = kind === 'real' || Number.isInteger(value);
      return value >= min && value <= max && isAllowed ? value : undefined;
    },
    write: String,
  };
}

/** A format with a word for null. */
function orNull<T>(word: string, { expected, read, write }: Format<T>): Format<T | null> {
  return {
    expected: `${expected}, or ${word}`,
    read: (text) => (text === word ? null : read(text)),
    write: (value) => (value === null ? word : write(value)),
  };
}

const scale: Format<boolean> = {
  expected: 'one of linear, log',
  read: (text) => (text === 'linear' || text === 'log' ? text === 'log' : undefined),
  write: (isLogarithmic) => (isLogarithmic ? 'log' : 'linear'),
};

const yesOrNo: Format<boolean> = {
  expected: 'one of yes, no',
  read: (text) => (text === 'yes' || text === 'no' ? text === 'yes' : undefined),
  write: (isYes) => (isYes ? 'yes' : 'no'),
};

const digit: Format<number> = { ...numberFrom(0, 9, 'whole'), expected: 'a digit from 0 to 9' };

const drawnDigit: Format<Float32Array> = {
  expected: 'a drawing as this page writes it',
  read: decodeDigit,
  write: encodeDigit,
};

/** A field of the view. */
interface ViewField {
  readonly name: string;
  readonly expected: string;
  /** The state with the value of the text, or undefined for an invalid text. */
  readonly read: (text: string, state: LinkedState) => LinkedState | undefined;
  /** Null if the state is the default, or has a value that no link may contain. */
  readonly write: (state: LinkedState) => string | null;
}

function field<T>(
  name: string,
  format: Format<T>,
  get: (state: LinkedState) => T,
  set: (state: LinkedState, value: T) => LinkedState,
): ViewField {
  const byDefault = format.write(get(stateOfEmptyLink));
  return {
    name,
    expected: format.expected,
    read: (text, state) => {
      const value = format.read(text);
      return value === undefined ? undefined : set(state, value);
    },
    write: (state) => {
      const text = format.write(get(state));
      return text === byDefault || format.read(text) === undefined ? null : text;
    },
  };
}

function ofState<K extends keyof LinkedState>(
  name: string,
  key: K,
  format: Format<LinkedState[K]>,
): ViewField {
  return field(
    name,
    format,
    (state) => state[key],
    (state, value) => ({ ...state, [key]: value }),
  );
}

function inView(state: LinkedState, changes: Partial<View>): LinkedState {
  return { ...state, view: { ...state.view, ...changes } };
}

function ofView<K extends keyof View>(name: string, key: K, format: Format<View[K]>): ViewField {
  return field(
    name,
    format,
    ({ view }) => view[key],
    (state, value) => inView(state, { [key]: value }),
  );
}

const tabNames = oneOf(tabs);

/** It stands after the place: a link finds a tab that has moved to another. */
const tabField: ViewField = {
  name: 'tab',
  expected: tabNames.expected,
  read: (text, state) => {
    const tab = tabNames.read(text);
    if (tab === undefined) return undefined;
    const place = placeOfTab(tab);
    return { ...state, place, tab: tabToName(place, withTab(firstTabs, tab)) };
  },
  write: ({ tab }) => tab,
};

/** In the order in which a link lists them, after the settings. */
export const viewFields: readonly ViewField[] = [
  ofState('attack', 'attackEpsilon', numberFrom(0, Math.max(...sweptEpsilons))),
  ofView('scale', 'isLogarithmic', scale),
  ofView('smoothing', 'smoothing', numberFrom(0, 0.95)),
  field(
    'tables',
    someOf(['curves', 'robustness']),
    ({ view }) => [
      ...(view.isCurveTable ? (['curves'] as const) : []),
      ...(view.isRobustnessTable ? (['robustness'] as const) : []),
    ],
    (state, tables) =>
      inView(state, {
        isCurveTable: tables.includes('curves'),
        isRobustnessTable: tables.includes('robustness'),
      }),
  ),
  ofView('outcome', 'exampleFilter', oneOf(exampleFilters)),
  ofView('digit', 'exampleDigit', orNull('all', digit)),
  ofState('first', 'firstExample', numberFrom(0, ownTestCount.max - 1, 'whole')),
  ofState('drawing', 'drawing', orNull('none', drawnDigit)),
  ofState('engine', 'enginePreference', oneOf(enginePreferences)),
  ofState('hide', 'hiddenPanels', someOf(hideablePanels, { races: 'experiments' })),
  field(
    'place',
    oneOf(places),
    (state) => state.place ?? 'lab',
    (state, place) => ({ ...state, place }),
  ),
  tabField,
  ofState('tour', 'tourStep', orNull('off', oneOf(tourSteps, olderTourSteps))),
  ofState('present', 'isPresenting', yesOrNo),
];
