import { type LinkedState, defaultState, stateOfEmptyLink, viewFields } from './linkFields.ts';
import { describeParts, type LinkPair, type SplitLink, splitLink, trimLink } from './linkPairs.ts';
import { describeText, Problems } from './linkProblems.ts';
import { readSetup, setupNames, writeSetup } from './linkSetup.ts';
export { linkedPart } from './linkFields.ts';

/** Version of the format; raise it when older links would be read as another experiment. */
const linkVersion = '1';
const versionName = 'v';

/** Maximum length; this page writes no longer links, and longer ones are not read. */
export const maxLinkLength = 4000;

/** The result of reading a link. */
export interface LinkReading {
  /** All defaults, unless every field that this page knows is valid. */
  readonly state: LinkedState;
  /** Error messages for the user; empty if the link is valid. */
  readonly problems: readonly string[];
  /** Other content of the link, quoted: foreign parameters, punctuation at its end. */
  readonly leftOut: readonly string[];
}

const names = new Set<string>([versionName, ...setupNames, ...viewFields.map(({ name }) => name)]);

/**
 * The state as the fragment of a link, without "#": `v=1&preset=quick&seed=7`. Only differences from
 * the preset and from the default view are written, in a fixed order, in characters that no program
 * encodes in transit. `readLink` restores the same experiment.
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
 * Reads the fragment of a link, with or without its "#". Never throws: a link with an invalid value returns the
 * defaults and error messages with what was expected and found. Unknown fields and punctuation at the end are
 * left out.
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

/** The fields of a link by name, or null for another version. */
function readFields(pairs: readonly LinkPair[], problems: Problems): Map<string, string> | null {
  const version = pairs.find(({ name }) => name === versionName)?.value ?? '';
  if (version !== linkVersion) {
    const found = `found ${describeText(version)}`;
    problems.add(
      versionName,
      `Expected ${linkVersion}, the version of this page’s links; ${found}.`,
    );
    if (version !== '') return null; // the other parts have other meanings there
  }
  const fields = new Map<string, string>();
  for (const { raw, hasValue, name, value } of pairs) {
    if (value === null) {
      problems.add('The link', `${describeText(raw)} is not encoded correctly.`);
    } else if (!hasValue) {
      problems.add(name, 'Expected a value after “=”; found none.');
    } else if (fields.has(name)) {
      problems.add(name, 'It appears twice.');
    } else {
      fields.set(name, value);
    }
  }
  return fields;
}

function readState(fields: ReadonlyMap<string, string>, problems: Problems): LinkedState {
  let state: LinkedState = { ...stateOfEmptyLink, setup: readSetup(fields, problems) };
  for (const field of viewFields) {
    const text = fields.get(field.name);
    if (text === undefined) continue;
    const next = field.read(text, state);
    if (next) state = next;
    else problems.add(field.name, `Expected ${field.expected}; found ${describeText(text)}.`);
  }
  return state;
}
