import {
  defaultAttackEpsilon,
  losses,
  networkTypes,
  optimizers,
  runConfigSchema,
} from '../shared/config.ts';
import { type OwnData, ownDataSchema, ownTestCount } from '../shared/dataSet.ts';
import { type EnginePreference, enginePreferences } from '../shared/metrics.ts';
import { decodeDigit, encodeDigit } from './drawing/compactDigit.ts';
import { defaultPreset, setupOfPreset } from './presets.ts';
import { sweptEpsilons } from './readings.ts';
import { numberSettings, parseLayers, parseNumber, type SettingsDraft } from './settings.ts';
import type { Setup } from './setup.ts';
import {
  defaultView,
  exampleFilters,
  type HideablePanel,
  hideablePanels,
  type View,
} from './state.ts';
import { type TourStep, tourSteps } from './tour.ts';

/** What a link holds: the race that would start now, and how a person looks at it. */
export interface LinkedState {
  readonly setup: Setup;
  readonly attackEpsilon: number;
  readonly view: View;
  /** Place of the first example in the test set. */
  readonly firstExample: number;
  /** [784] the digit on the pad, to 16 grey levels; null: none is said. */
  readonly drawing: Float32Array | null;
  readonly enginePreference: EnginePreference;
  readonly hiddenPanels: readonly HideablePanel[];
  /** Where the guided tour is; null: nobody takes it. */
  readonly tourStep: TourStep | null;
}

/** What a page without a link starts with. */
export const defaultState: LinkedState = {
  setup: setupOfPreset(defaultPreset),
  attackEpsilon: defaultAttackEpsilon,
  view: defaultView,
  firstExample: 0,
  drawing: null,
  enginePreference: 'auto',
  hiddenPanels: [],
  tourStep: null,
};

/** How one value is spelled. `read` gives undefined for a text that spells none. */
interface Format<T> {
  /** What a value looks like, to go after "Expected". */
  readonly expected: string;
  readonly read: (text: string) => T | undefined;
  readonly write: (value: T) => string;
}

function oneOf<const T extends string>(values: readonly T[]): Format<T> {
  return {
    expected: `one of ${values.join(', ')}`,
    read: (text) => values.find((value) => value === text),
    write: (value) => value,
  };
}

/** Several of a list, each once; written in the list's order. */
function someOf<const T extends string>(values: readonly T[]): Format<readonly T[]> {
  return {
    expected: `one or more of ${values.join(', ')}, joined by commas, each once`,
    read: (text) => {
      const parts = text.split(',');
      const found = values.filter((value) => parts.includes(value));
      return found.length === parts.length ? found : undefined;
    },
    write: (chosen) => values.filter((value) => chosen.includes(value)).join(','),
  };
}

const yesOrNo: Format<boolean> = {
  expected: 'yes or no',
  read: (text) => (text === 'yes' ? true : text === 'no' ? false : undefined),
  write: (value) => (value ? 'yes' : 'no'),
};

/** A number with its limits, on the scale that people read it. */
function numberFrom(min: number, max: number, isWhole = false): Format<number> {
  return {
    expected: `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`,
    read: (text) => {
      const value = parseNumber(text);
      return value >= min && value <= max && (!isWhole || Number.isInteger(value))
        ? value + 0 // −0 is 0
        : undefined;
    },
    write: String,
  };
}

// Settings ------------------------------------------------------------------------------------

type SettingName = Exclude<keyof SettingsDraft, 'method'>;
export type SettingValue = string | boolean | number | OwnData | null;

/** A setting of the race; the same name says it for all runs and, within `runs`, for one. */
export interface SettingField extends Format<SettingValue> {
  readonly name: string;
  readonly setting: SettingName;
}

/** A number as the form's text, in its shortest spelling; the schema refuses what is none. */
const numberText: Format<string> = {
  expected: 'a number',
  read: (text) => {
    const value = parseNumber(text);
    return Number.isNaN(value) ? text : String(value);
  },
  write: (text) => String(parseNumber(text)),
};

const layersText: Format<string> = {
  expected: 'the units of each layer joined by hyphens, such as 400-400, or none',
  read: (text) => {
    if (text === 'none') return text;
    return /^\d+(-\d+)*$/.test(text) ? text.split('-').map(Number).join(', ') : undefined;
  },
  write: (text) => parseLayers(text).join('-') || 'none',
};

const noPermutation = 'no';
const permutation: Format<number | null> = {
  expected: `${noPermutation}, or the seed of the permutation`,
  read: (text) => {
    if (text === noPermutation) return null;
    const seed = parseNumber(text);
    return Number.isNaN(seed) ? undefined : seed;
  },
  write: (seed) => (seed === null ? noPermutation : String(seed)),
};

const mnistText = 'mnist';
const dataSet: Format<OwnData | null> = {
  expected: `${mnistText}, or a data set as this page writes it`,
  read: (text) => {
    if (text === mnistText) return null;
    const [shape, counts = '', fingerprint, ...more] = text.split('.');
    const [trainingCount = '', testCount, ...others] = counts.split('-');
    const { data } = ownDataSchema.safeParse({
      ...{ shape, fingerprint, trainingCount: parseNumber(trainingCount) },
      // As in links of the time when all sets had as many.
      ...(testCount !== undefined && { testCount: parseNumber(testCount) }),
    });
    return more.length + others.length > 0 ? undefined : data;
  },
  write: (data) => {
    if (data === null) return mnistText;
    const { shape, trainingCount, testCount, fingerprint } = data;
    const counts = testCount === ownTestCount.max ? [trainingCount] : [trainingCount, testCount];
    return [shape, counts.join('-'), fingerprint].join('.');
  },
};

function setting<T extends SettingValue>(
  name: string,
  key: SettingName,
  { expected, read, write }: Format<T>,
): SettingField {
  // The table below gives every setting the format of its own values.
  return { name, setting: key, expected, read, write: (value) => write(value as T) };
}

/** Only within `runs`: each run has an ε of its own. */
export const epsilonField = setting('eps', 'trainingEpsilon', numberText);

/** In the order in which a link says them. Names are part of the format: old links use them. */
export const settingFields: readonly SettingField[] = [
  setting('data', 'dataSet', dataSet),
  setting('net', 'networkType', oneOf(networkTypes)),
  setting('layers', 'hiddenLayers', layersText),
  setting('pieces', 'maxoutPieces', numberText),
  setting('loss', 'loss', oneOf(losses)),
  setting('optimizer', 'optimizer', oneOf(optimizers)),
  setting('rate', 'learningRate', numberText),
  setting('decay', 'learningRateDecay', numberText),
  setting('batch', 'batchSize', numberText),
  setting('epochs', 'epochs', numberText),
  setting('images', 'trainingSetSize', numberText),
  setting('validation', 'holdOutValidation', yesOrNo),
  setting('seed', 'seed', numberText),
  setting('permute', 'permutationSeed', permutation),
  setting('clip', 'clipTrainingImages', yesOrNo),
  setting('pgd-steps', 'pgdSteps', numberText),
  setting('pgd-size', 'pgdStepSize', numberText),
  setting('clean-weight', 'cleanLossWeight', numberText),
  setting('drop-input', 'inputDropoutRate', numberText),
  setting('drop-hidden', 'hiddenDropoutRate', numberText),
];

/** Of the settings that are typed. */
function textOf(value: SettingValue): string {
  return typeof value === 'string' ? value : '';
}

/** Why a setting's draft value is refused, whatever the others are; null when it is not. */
export function findSettingProblem(
  { setting: key, expected }: SettingField,
  value: SettingValue,
): string | null {
  if (key === 'hiddenLayers' && textOf(value).trim() === '') return `Expected ${expected}.`;
  const isNumber = (numberSettings as readonly string[]).includes(key);
  const typed =
    key === 'hiddenLayers'
      ? parseLayers(textOf(value))
      : isNumber
        ? parseNumber(textOf(value))
        : value;
  return runConfigSchema.shape[key].safeParse(typed).error?.issues[0]?.message ?? null;
}

// View ----------------------------------------------------------------------------------------

/** A part of the view. */
export interface ViewField {
  readonly name: string;
  readonly expected: string;
  /** The state with what the text says; undefined for a text that says nothing possible. */
  readonly read: (text: string, state: LinkedState) => LinkedState | undefined;
  /** Null where the state is as by default, or has a value that no link may hold. */
  readonly write: (state: LinkedState) => string | null;
}

function part<T>(
  name: string,
  format: Format<T>,
  get: (state: LinkedState) => T,
  set: (state: LinkedState, value: T) => LinkedState,
): ViewField {
  const byDefault = format.write(get(defaultState));
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
const digit = numberFrom(0, 9, true);
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

/** In the order in which a link says them, after the settings. */
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
    numberFrom(0, ownTestCount.max - 1, true),
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
    someOf(hideablePanels),
    (state) => state.hiddenPanels,
    (state, hiddenPanels) => ({ ...state, hiddenPanels }),
  ),
  part(
    'tour',
    oneOf(['off', ...tourSteps]),
    (state) => state.tourStep ?? 'off',
    (state, step) => ({ ...state, tourStep: step === 'off' ? null : step }),
  ),
];
