import { describeText } from './linkProblems.ts';

/** One field of a link, `name=value`, decoded. */
export interface LinkPair {
  readonly raw: string;
  readonly name: string;
  /** Null if the encoding is invalid. */
  readonly value: string | null;
  /** Whether the pair contains "=". */
  readonly hasValue: boolean;
}

export interface SplitLink {
  readonly pairs: readonly LinkPair[];
  /** Unknown fields, and separators at the end, as they stood in the link. */
  readonly foreign: readonly string[];
}

/** Mail programs write `&amp;`; trackers add `?fbclid=…` at the end; a page may add `#section`. */
const separator = /&(?:amp;)?|[?#]/;
const separatorsAtEnd = /(?:&(?:amp;)?|[?#])+$/;

/** Punctuation and spaces that the surrounding sentence leaves at the end of a link, plain or encoded. */
const strayAtEnd =
  /(?:[\s)\]}>,.;:!'"’”»*`\\|]|%(?:20|0[AD]|22|27|29|2C|2E|3B|3E|5D|7D|C2%A0|C2%BB|E2%80%9[9D]))+$/i;

/** @param names names of the fields that a link may have */
export function splitLink(text: string, names: ReadonlySet<string>): SplitLink {
  const pairs: LinkPair[] = [];
  const foreign: string[] = [];
  for (const raw of text.split(separator)) {
    const pair = readPair(raw);
    if (names.has(pair.name)) pairs.push(pair);
    else if (raw !== '') foreign.push(raw);
  }
  const [atEnd] = separatorsAtEnd.exec(text) ?? [];
  return { pairs, foreign: atEnd === undefined ? foreign : [...foreign, atEnd] };
}

/** The pairs without punctuation at the end of the last one, or null if it has none. */
export function trimLink({ pairs, foreign }: SplitLink): SplitLink | null {
  const last = pairs.at(-1);
  const [stray] = strayAtEnd.exec(last?.raw ?? '') ?? [];
  if (last === undefined || stray === undefined) return null;
  const trimmed = readPair(last.raw.slice(0, -stray.length));
  return { pairs: [...pairs.slice(0, -1), trimmed], foreign: [stray, ...foreign] };
}

/** Fields of a link for an error message: the first few, each shortened. */
export function describeParts(parts: readonly string[]): string[] {
  const shown = parts.slice(0, 4).map(describeText);
  return parts.length > shown.length ? [...shown, `${parts.length - shown.length} more`] : shown;
}

function readPair(raw: string): LinkPair {
  const equals = raw.indexOf('=');
  const [name, value] = equals < 0 ? [raw, ''] : [raw.slice(0, equals), raw.slice(equals + 1)];
  return { raw, name: decode(name) ?? name, value: decode(value), hasValue: equals >= 0 };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
