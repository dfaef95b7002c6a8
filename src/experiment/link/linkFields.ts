import { defaultAttackEpsilon } from '../../domain/settings/config.ts';
import { ownTestCount } from '../../domain/dataSet.ts';
import { type EnginePreference, enginePreferences } from '../../domain/metrics.ts';
import { type NumberKind, readNumber } from '../../domain/settings/numberText.ts';
import { decodeDigit, encodeDigit } from '../../digits/compactDigit.ts';
import { defaultPreset, setupOfPreset } from '../setup/presets.ts';
import { initialAttackEpsilon } from '../initialAttackEpsilon.ts';
import { type Place, places } from '../places.ts';
import { sweptEpsilons } from '../runs/measurements.ts';
import type { Setup } from '../setup/setup.ts';
import {
  defaultView,
  exampleFilters,
  type HideablePanel,
  hideablePanels,
  type View,
} from '../state.ts';
import { olderTourSteps, type TourStep, tourSteps } from './tour.ts';

/** The content of a link: the experiment that would start now, and the view. */
export interface LinkedState {
  readonly setup: Setup;
  readonly attackEpsilon: number;
  readonly view: View;
  /** Index of the first example in the test set. */
  readonly firstExample: number;
  /** [784] the digit on the pad, in 16 gray levels; null if the link has none. */
  readonly drawing: Float32Array | null;
  readonly enginePreference: EnginePreference;
  readonly hiddenPanels: readonly HideablePanel[];
  /** The part of the page that is shown; null in links from before there were several. */
  readonly place: Place | null;
  /** The step of the guided tour, or null if it is not open. */
  readonly tourStep: TourStep | null;
}

/** The defaults of a page without a link. */
export const defaultState: LinkedState = {
  setup: setupOfPreset(defaultPreset),
  attackEpsilon: initialAttackEpsilon,
  view: defaultView,
  firstExample: 0,
  drawing: null,
  enginePreference: 'auto',
  hiddenPanels: [],
  place: null,
  tourStep: null,
};

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

/** A field of the view. */
export interface ViewField {
  readonly name: string;
  readonly expected: string;
  /** The state with the value of the text, or undefined for an invalid text. */
  readonly read: (text: string, state: LinkedState) => LinkedState | undefined;
  /** Null if the state is the default, or has a value that no link may contain. */
  readonly write: (state: LinkedState) => string | null;
}

function part<T>(
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

const inView = (state: LinkedState, changes: Partial<View>): LinkedState => ({
  ...state,
  view: { ...state.view, ...changes },
});

const noDigit = 'all';
const digit = numberFrom(0, 9, 'whole');
const oneDigit: Format<number | null> = {
  expected: `a digit from 0 to 9, or ${noDigit}`,
  read: (text) => (text === noDigit ? null : digit.read(text)),
  write: (value) => (value === null ? noDigit : digit.write(value)),
};

const noDrawing = 'none';
const drawnDigit: Format<Float32Array | null> = {
  expected: `a drawing as this page writes it, or ${noDrawing}`,
  read: (text) => (text === noDrawing ? null : decodeDigit(text)),
  write: (value) => (value === null ? noDrawing : encodeDigit(value)),
};

/** In the order in which a link lists them, after the settings. */
export const viewFields: readonly ViewField[] = [
  part(
    'attack',
    numberFrom(0, Math.max(...sweptEpsilons)),
    (state) => state.attackEpsilon,
    (state, attackEpsilon) => ({ ...state, attackEpsilon }),
  ),
  part(
    'scale',
    oneOf(['linear', 'log']),
    ({ view }) => (view.isLogarithmic ? 'log' : 'linear'),
    (state, scale) => inView(state, { isLogarithmic: scale === 'log' }),
  ),
  part(
    'smoothing',
    numberFrom(0, 0.95),
    ({ view }) => view.smoothing,
    (state, smoothing) => inView(state, { smoothing }),
  ),
  part(
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
  part(
    'outcome',
    oneOf(exampleFilters),
    ({ view }) => view.exampleFilter,
    (state, exampleFilter) => inView(state, { exampleFilter }),
  ),
  part(
    'digit',
    oneDigit,
    ({ view }) => view.exampleDigit,
    (state, exampleDigit) => inView(state, { exampleDigit }),
  ),
  part(
    'first',
    numberFrom(0, ownTestCount.max - 1, 'whole'),
    (state) => state.firstExample,
    (state, firstExample) => ({ ...state, firstExample }),
  ),
  part(
    'drawing',
    drawnDigit,
    (state) => state.drawing,
    (state, drawing) => ({ ...state, drawing }),
  ),
  part(
    'engine',
    oneOf(enginePreferences),
    (state) => state.enginePreference,
    (state, enginePreference) => ({ ...state, enginePreference }),
  ),
  part(
    'hide',
    someOf(hideablePanels, { races: 'experiments' }),
    (state) => state.hiddenPanels,
    (state, hiddenPanels) => ({ ...state, hiddenPanels }),
  ),
  part(
    'place',
    oneOf(places),
    (state) => state.place ?? 'lab',
    (state, place) => ({ ...state, place }),
  ),
  part(
    'tour',
    oneOf(['off', ...tourSteps], olderTourSteps),
    (state) => state.tourStep ?? 'off',
    (state, step) => ({ ...state, tourStep: step === 'off' ? null : step }),
  ),
];
