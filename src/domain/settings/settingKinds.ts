import '../jitless.ts';
import { z } from 'zod/mini';
import { type CustomData, customDataSchema, ownTestCount } from '../dataSet.ts';
import { explainLayers, readLayers } from './layersText.ts';
import { explainNumber, type NumberKind, readNumber } from './numberText.ts';

/** What the rows of the table of settings (settings.ts) are made of: texts, and kinds of value. */

export interface Limits {
  readonly min: number;
  readonly max: number;
}

/** Which runs use a setting; all do where nothing is said. */
interface SettingUsers {
  readonly methods?: readonly string[];
  readonly networkTypes?: readonly string[];
}

export interface SettingTexts<T> {
  /** Beside its field, and in front of its messages. */
  readonly label: string;
  /** In a sentence that lists what differs; absent: the label with a small first letter. */
  readonly inSentence?: string;
  /** Under its field. @param trainingCount training images of the chosen data set */
  readonly description?: string | ((trainingCount: number) => string);
  /** What it is, in a few words, for the command line's help and docs/links.md. */
  readonly help: string;
  /** A value in as few words as the name of a run has room for. @param text the value as text */
  readonly short: (text: string) => string;
  /** A value in the description of a recipe; absent: as `short`; null: descriptions leave it, or this value, out. */
  readonly phrase?: ((value: T) => string | null) | null;
}

/** An option of the command line. */
export interface SettingOption {
  readonly name: string;
  readonly group: 'Network' | 'Method' | 'Training' | 'Data';
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string;
  /** For the help, where it is not the default value. */
  readonly byDefault?: string;
  /** For the help, where the setting's own does not do. */
  readonly help?: string;
}

/** Where a setting can be changed. Link keys are part of the format: old links use them. */
export interface SettingPlaces {
  /** Its key in a link; null: it has none (a run's method stands before its settings). */
  readonly link: string | null;
  /** Whether a run may have a value of its own; absent: it may; `always`: there is no shared one. */
  readonly perRun?: 'always' | 'in links' | 'never';
  /** Absent: the command line has no such option, or one with other limits. */
  readonly option?: SettingOption;
  /** Whether its field is folded away under Advanced; absent: a component of its own shows it. */
  readonly field?: 'basic' | 'advanced';
}

export interface Row<T> extends SettingTexts<T>, SettingPlaces, SettingUsers {
  readonly default: T;
  /** What runs had that were saved before there was this setting; absent: there always was. */
  readonly olderValue?: T;
  /** What runs share exactly when they agree in it. */
  readonly decides?: readonly ('weights' | 'batches')[];
}

/** How a value is written, and read again: as links hold it and as people may type it. */
interface Codec<T> {
  readonly schema: z.ZodMiniType<T>;
  /** What a text looks like, to go after "Expected". */
  readonly expected: string;
  /** Undefined, or a value that the schema refuses, for a text that spells none. */
  readonly read: (text: string) => T | undefined;
  /** In the characters that no program encodes in a link. */
  readonly write: (value: T) => string;
}

export interface Setting<T> extends Row<T>, Codec<T> {
  readonly kind: string;
}

export interface NumberSetting extends Setting<number> {
  readonly kind: NumberKind;
  readonly limits: Limits;
  /** What an arrow key adds or subtracts. */
  readonly step: number;
  /** The largest value for a data set, where that depends on it. */
  readonly maxOf?: (trainingCount: number) => number;
  /** Why a text is not a number, as a sentence; empty for a number. */
  readonly explain: (text: string) => string;
}

type NumberRow = Row<number> &
  Pick<NumberSetting, 'limits' | 'maxOf'> &
  Partial<Pick<NumberSetting, 'step'>>;

export function describeRange({ min, max }: Limits): string {
  return `${min} to ${max}`;
}

function numberSetting(kind: NumberKind, row: NumberRow, schema?: z.ZodMiniType<number>) {
  const { min, max } = row.limits;
  const expected = `a ${kind === 'whole' ? 'whole ' : ''}number from ${min} to ${max}`;
  const message = `${row.label} must be ${expected}.`;
  const base = kind === 'whole' ? z.int(message) : z.number(message);
  return {
    step: 1,
    ...row,
    kind,
    expected,
    schema: schema ?? base.check(z.minimum(min, message), z.maximum(max, message)),
    read: (text) => readNumber(text, kind),
    write: String,
    explain: (text) => explainNumber(text, kind),
  } satisfies NumberSetting;
}

export function real(row: NumberRow): NumberSetting {
  return numberSetting('real', row);
}

/** @param schema for limits that depend on other settings */
export function whole(row: NumberRow, schema?: z.ZodMiniType<number>): NumberSetting {
  return numberSetting('whole', row, schema);
}

export interface ChoiceSetting<T> extends Setting<T> {
  readonly kind: 'choice';
  /** As a form offers the values, in order. */
  readonly labels: ReadonlyMap<T, string>;
}

export function choice<T extends string>(
  values: readonly T[],
  labels: Readonly<Record<T, string>>,
  row: Row<T>,
): ChoiceSetting<T> {
  const expected = `one of ${values.join(', ')}`;
  return {
    ...row,
    kind: 'choice',
    expected,
    labels: new Map(values.map((value) => [value, labels[value]])),
    schema: z.enum(values, `Expected ${expected}.`),
    read: (text) => values.find((value) => value === text.trim()),
    write: (value) => value,
  };
}

export interface ToggleSetting extends Setting<boolean> {
  readonly kind: 'toggle';
  /** How a run's own value is offered. */
  readonly labels: ReadonlyMap<boolean, string>;
}

export function toggle(
  labels: { readonly no: string; readonly yes: string },
  row: Row<boolean>,
): ToggleSetting {
  return {
    ...row,
    kind: 'toggle',
    labels: new Map([
      [false, labels.no],
      [true, labels.yes],
    ]),
    schema: z.boolean(),
    expected: 'yes or no',
    read: (text) => ({ yes: true, no: false })[text.trim()],
    write: (value) => (value ? 'yes' : 'no'),
  };
}

/** Layers that a network may have, and units of one. */
export interface LayerLimits {
  readonly layers: Limits;
  readonly units: Limits;
}

export interface LayersSetting extends Setting<number[]> {
  readonly kind: 'layers';
  readonly layerLimits: LayerLimits;
  readonly explain: (text: string) => string;
}

export function layers(layerLimits: LayerLimits, row: Row<number[]>): LayersSetting {
  const { units, layers: count } = layerLimits;
  const message = `Each hidden layer needs a whole number of units from ${units.min} to ${units.max}.`;
  return {
    ...row,
    kind: 'layers',
    layerLimits,
    schema: z
      .array(z.int(message).check(z.minimum(units.min, message), z.maximum(units.max, message)))
      .check(z.maxLength(count.max, `At most ${count.max} hidden layers.`)),
    expected: 'the units of each layer joined by hyphens, such as 400-400, or none',
    read: (text) => (text.trim() === '' ? undefined : readLayers(text)),
    write: (value) => value.join('-') || 'none',
    explain: explainLayers,
  };
}

export interface SeedOrNoneSetting extends Setting<number | null> {
  readonly kind: 'seedOrNone';
  readonly limits: Limits;
}

export function seedOrNone(limits: Limits, row: Row<number | null>): SeedOrNoneSetting {
  const message = `Permutation seed must be a whole number from ${limits.min} to ${limits.max}.`;
  return {
    ...row,
    kind: 'seedOrNone',
    limits,
    schema: z.nullable(
      z.int(message).check(z.minimum(limits.min, message), z.maximum(limits.max, message)),
    ),
    expected: 'no, or the seed of the permutation',
    read: (text) => {
      const seed = readNumber(text, 'whole');
      return text.trim() === 'no' ? null : Number.isNaN(seed) ? undefined : seed;
    },
    write: (seed) => (seed === null ? 'no' : String(seed)),
  };
}

export interface DataSetting extends Setting<CustomData | null> {
  readonly kind: 'data';
}

/** A person's own files, or null: MNIST. */
export function dataSetting(row: Row<CustomData | null>): DataSetting {
  return {
    ...row,
    kind: 'data',
    schema: z.nullable(customDataSchema),
    expected: 'mnist, or a data set as this page writes it',
    read: (text) => (text === 'mnist' ? null : readData(text)),
    write: writeData,
  };
}

function readData(text: string): CustomData | undefined {
  const [shape, counts = '', fingerprint, classes, ...more] = text.split('.');
  const [trainingCount = '', testCount, ...others] = counts.split('-');
  const { data } = customDataSchema.safeParse({
    shape,
    fingerprint,
    trainingCount: readNumber(trainingCount, 'whole'),
    // Absent for ten classes.
    ...(classes !== undefined && { classes: readNumber(classes, 'whole') }),
    // Absent in links from when all sets had the same number of test images.
    ...(testCount !== undefined && { testCount: readNumber(testCount, 'whole') }),
  });
  return more.length + others.length > 0 ? undefined : data;
}

function writeData(data: CustomData | null): string {
  if (data === null) return 'mnist';
  const { shape, trainingCount, testCount, fingerprint, classes } = data;
  const counts = testCount === ownTestCount.max ? [trainingCount] : [trainingCount, testCount];
  const parts = [shape, counts.join('-'), fingerprint];
  return [...parts, ...(classes === undefined ? [] : [classes])].join('.');
}
