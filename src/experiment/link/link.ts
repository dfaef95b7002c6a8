import { inputOfPad } from '../drawing/padInput.ts';
import { type LinkedState, defaultState, viewFields } from './linkFields.ts';
import { describeParts, type LinkPair, type SplitLink, splitLink, trimLink } from './linkPairs.ts';
import { describeText, Problems } from './linkProblems.ts';
import { readSetup, setupNames, writeSetup } from './linkSetup.ts';
import type { LabState } from '../state.ts';

/** Version of the format; raised when a link of before would be read as another race. */
export const linkVersion = '1';
const versionName = 'v';

/** Nothing that this page writes is longer; what is, is not read at all. */
export const maxLinkLength = 4000;

/** What came of reading a link. */
export interface LinkReading {
  /** The defaults, all of them, unless every part that this page knows is valid. */
  readonly state: LinkedState;
  /** What is wrong with the link, for the person who opened it; empty when nothing is. */
  readonly problems: readonly string[];
  /** What the link has beside its parts, quoted: foreign parameters, punctuation at its end. */
  readonly leftOut: readonly string[];
}

const names = new Set<string>([versionName, ...setupNames, ...viewFields.map(({ name }) => name)]);

/** The part of the lab's state that a link holds. */
export function linkedPart(
  state: Pick<
    LabState,
    | 'setup'
    | 'attackEpsilon'
    | 'view'
    | 'examples'
    | 'drawing'
    | 'enginePreference'
    | 'hiddenPanels'
    | 'tourStep'
  >,
): LinkedState {
  const { setup, attackEpsilon, view, examples, drawing, enginePreference, hiddenPanels } = state;
  const { tourStep } = state;
  return {
    setup,
    attackEpsilon,
    view,
    firstExample: examples.first,
    drawing: inputOfPad(drawing.pad, drawing.normalized),
    enginePreference,
    hiddenPanels,
    tourStep,
  };
}

/** Whether two states have the same parts, each the same object: then they have the same link. */
export function isSameLink(a: LinkedState, b: LinkedState): boolean {
  return (Object.keys(a) as (keyof LinkedState)[]).every((key) => Object.is(a[key], b[key]));
}

/**
 * A state as the fragment of a link, without "#": `v=1&preset=quick&seed=7`. Only what differs from
 * the preset and from the default view is written, in a fixed order, in characters that no program
 * on the way encodes. `readLink` gives the same race back.
 */
export function writeLink(state: LinkedState): string {
  const view = viewFields.flatMap((field): [string, string][] => {
    const text = field.write(state);
    return text === null ? [] : [[field.name, text]];
  });
  return [[versionName, linkVersion], ...writeSetup(state.setup), ...view]
    .map((field) => field.join('='))
    .join('&');
}

/**
 * Reads the fragment of a link, with or without its "#". Never throws: a link with a wrong value gives the defaults
 * and sentences that say what was expected and what was found. Parts that this page does not know, and punctuation
 * at the end, are left out.
 */
export function readLink(fragment: string): LinkReading {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  if (text === '') return { state: defaultState, problems: [], leftOut: [] };
  if (text.length > maxLinkLength) {
    const [most, found] = [maxLinkLength, text.length].map((count) => count.toLocaleString('en'));
    const problem = `The link: Expected at most ${most} characters; found ${found}.`;
    return { state: defaultState, problems: [problem], leftOut: [] };
  }
  const split = splitLink(text, names);
  const reading = readSplit(split);
  if (reading.problems.length === 0) return reading;
  const trimmed = trimLink(split);
  const second = trimmed && readSplit(trimmed);
  return second?.problems.length === 0 ? second : reading;
}

function readSplit({ pairs, foreign }: SplitLink): LinkReading {
  const problems = new Problems();
  const fields = readFields(pairs, problems);
  const state = fields === null ? defaultState : readState(fields, problems);
  return problems.hasAny()
    ? { state: defaultState, problems: problems.sentences, leftOut: [] }
    : { state, problems: [], leftOut: describeParts(foreign) };
}

/** The fields of a link by name; null when they are of another version. */
function readFields(pairs: readonly LinkPair[], problems: Problems): Map<string, string> | null {
  const version = pairs.find(({ name }) => name === versionName)?.value ?? '';
  if (version !== linkVersion) {
    const found = `found ${describeText(version)}`;
    problems.add(
      versionName,
      `Expected ${linkVersion}, the version of this page’s links; ${found}.`,
    );
    if (version !== '') return null; // the other parts mean something else there
  }
  const fields = new Map<string, string>();
  for (const { raw, hasValue, name, value } of pairs) {
    if (value === null) {
      problems.add('The link', `${describeText(raw)} is not encoded as a link should be.`);
    } else if (!hasValue) {
      problems.add(name, 'Expected a value after “=”; found none.');
    } else if (fields.has(name)) {
      problems.add(name, 'It is said twice.');
    } else {
      fields.set(name, value);
    }
  }
  return fields;
}

function readState(fields: ReadonlyMap<string, string>, problems: Problems): LinkedState {
  let state: LinkedState = { ...defaultState, setup: readSetup(fields, problems) };
  for (const field of viewFields) {
    const text = fields.get(field.name);
    if (text === undefined) continue;
    const next = field.read(text, state);
    if (next) state = next;
    else problems.add(field.name, `Expected ${field.expected}; found ${describeText(text)}.`);
  }
  return state;
}
