import { type CustomData, nameAnswer, nameClass } from '../../../domain/dataSet.ts';
import { formatEpsilon } from '../../../ui/format.ts';
import { joinNames } from '../pad/describePredictions.ts';

/** A network as the headline speaks of it: its predictions for the digit on the pad. */
export interface HeadlineNetwork {
  /** Within a sentence: "plain", "ABP". */
  readonly name: string;
  /** The digit that it predicts without an attack; null while it is unknown. */
  readonly before: number | null;
  /** The digit that it predicts under attack; null while it is unknown. */
  readonly after: number | null;
  /** The smallest ε found that changes the prediction; null while it is unknown or if none was found. */
  readonly smallestEpsilon: number | null;
  /** The data it was trained on, whose classes it names; absent or null for MNIST. */
  readonly dataSet?: CustomData | null;
}

export interface HeadlineState {
  readonly pad: 'empty' | 'test digit' | 'drawing';
  /** Whether there are networks to ask; if not, the first screen's digits still have their predictions. */
  readonly availability: 'ready' | 'loading' | 'unavailable';
  /** Whether the page shows its first digit and ε still, untouched. */
  readonly isFirst: boolean;
  /** What the digit is, if the page knows; null for a drawing, for example. */
  readonly label: number | null;
  readonly epsilon: number;
  readonly networks: readonly HeadlineNetwork[];
}

const counts = ['no', 'one', 'two', 'three', 'four'];

/** The story of the digit on the pad in one or two sentences, true of what the page shows. */
export function writeHeadline(state: HeadlineState): string {
  const { pad, availability, networks } = state;
  const count = networks.length;
  if (pad === 'empty') {
    if (count === 0) return 'Draw a digit.';
    const who = `${capitalize(counts[count] ?? 'all')} network${count === 1 ? ' reads' : 's read'}`;
    return `Draw a digit. ${who} it while you draw.`;
  }
  if (count === 0 || networks.some(({ before }) => before === null)) {
    if (availability === 'unavailable') return 'There is no network to read it.';
    const who = count === 1 ? 'The network is' : 'The networks are';
    return `${who} ${availability === 'loading' ? 'loading' : 'reading it'}.`;
  }
  const reading = findReading(state);
  if (reading === null) return writeDisagreement(state);
  const wrong = networks.filter(({ before }) => before !== reading);
  return wrong.length > 0 ? writeMisread(state, reading, wrong) : writeAttack(state, reading);
}

/** What the digit is, or what all networks take it for without an attack; null if neither is known. */
function findReading({
  networks,
  label,
}: Pick<HeadlineState, 'networks' | 'label'>): number | null {
  if (label !== null) return label;
  const [first] = networks;
  return first !== undefined && networks.every(({ before }) => before === first.before)
    ? first.before
    : null;
}

/** Nobody knows what a drawing is meant to be, so no network is called wrong. */
function writeDisagreement({ networks, epsilon }: HeadlineState): string {
  const when = epsilon === 0 ? '' : ' even without a nudge';
  return `The networks disagree${when}: ${listReadings(networks, 'before')}.`;
}

/** Networks that are wrong before the attack are named first, and left out of what follows. */
function writeMisread(
  { networks, epsilon }: HeadlineState,
  label: number,
  wrong: readonly HeadlineNetwork[],
): string {
  const isOne = wrong.length === 1;
  if (wrong.length === networks.length && !isOne) {
    return `${countAll(wrong.length)} misread this ${nameBare(networks, label)} without any nudge.`;
  }
  const first = `${nameAll(wrong)} ${isOne ? 'misreads' : 'misread'} this ${nameBare(networks, label)} without any nudge.`;
  const rest = networks.filter(({ before }) => before === label);
  if (epsilon === 0 || rest.length === 0 || rest.some(({ after }) => after === null)) return first;
  if (rest.every(({ after }) => after === label)) return `${first} ${writeHeld(rest, label)}`;
  return `${first} ${writeFooled(rest, label, `${writeEpsilon(epsilon)}, `)}`;
}

function writeAttack(state: HeadlineState, reading: number): string {
  const { networks, epsilon, isFirst, pad, label } = state;
  const [first, ...others] = networks;
  const isOne = others.length === 0;
  const all = isOne ? `${capitalize(first!.name)} reads` : `${countAll(networks.length)} read`;
  // Without a label, the networks may all be wrong.
  const what =
    label === null ? nameReading(networks, reading) : `this ${nameBare(networks, reading)}`;
  if (epsilon === 0) return `${all} ${what}. Drag ε to nudge its pixels.`;
  if (networks.some(({ after }) => after === null)) return `${all} ${what}.`;
  const fooled = networks.filter(({ after }) => after !== reading);
  const at = writeEpsilon(epsilon);
  const who = isOne
    ? first!.name
    : networks.length === 2
      ? 'both'
      : `all ${counts[networks.length] ?? networks.length}`;
  if (fooled.length === 0) {
    const still = `still ${isOne ? 'reads' : 'read'} ${nameReading(networks, reading)}`;
    return `Not enough: ${at.toLowerCase()}, ${who} ${still}.`;
  }
  if (fooled.length === networks.length) {
    return `${at}, ${who} ${isOne ? 'is' : 'are'} fooled. No network is unbreakable.`;
  }
  if (pad === 'drawing')
    return writeThresholds(networks, reading) ?? writeFooled(networks, reading);
  if (isFirst) {
    const digits = new Set(fooled.map(({ after }) => after!));
    const [digit] = digits;
    const read = fooled.length === 1 ? 'reads' : 'read';
    const answer = digits.size === 1 ? nameReading(networks, digit!) : 'something else';
    return `${all} ${what}. Nudge its pixels, and ${counts[fooled.length] ?? fooled.length} ${read} ${answer}.`;
  }
  return writeFooled(networks, reading);
}

/** "Plain reads a 9 and dropout an 8. ABP still reads a 4." @param start before the names, "At ε = 0.10, " */
function writeFooled(networks: readonly HeadlineNetwork[], reading: number, start = ''): string {
  const fooled = networks.filter(({ after }) => after !== reading);
  const held = networks.filter(({ after }) => after === reading);
  const first = capitalize(`${start}${listReadings(fooled, 'after')}.`);
  return held.length === 0 ? first : `${first} ${writeHeld(held, reading)}`;
}

/** "Plain and ABP still read a 4." */
function writeHeld(networks: readonly HeadlineNetwork[], reading: number): string {
  return `${nameAll(networks)} still ${networks.length === 1 ? 'reads' : 'read'} ${nameReading(networks, reading)}.`;
}

/** "plain reads a 9 and dropout an 8"; "plain and dropout read a 9, and ABP reads a 4" */
function listReadings(networks: readonly HeadlineNetwork[], when: 'before' | 'after'): string {
  const groups = [...new Set(networks.map((network) => network[when]!))].map((digit) => {
    const names = networks.filter((network) => network[when] === digit).map(({ name }) => name);
    return { digit, names };
  });
  const areSingle = groups.every(({ names }) => names.length === 1);
  const parts = groups.map(({ digit, names }, index) => {
    const verb = areSingle && index > 0 ? ' ' : names.length === 1 ? ' reads ' : ' read ';
    return `${joinNames(names)}${verb}${nameReading(networks, digit)}`;
  });
  if (parts.length < 2 || (areSingle && parts.length === 2)) return parts.join(' and ');
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)!}`;
}

/** "Your 7 fools plain at 13 of 255 gray levels, ABP only at 60." Null unless the search has found all of them. */
function writeThresholds(networks: readonly HeadlineNetwork[], reading: number): string | null {
  if (networks.some(({ smallestEpsilon }) => smallestEpsilon === null)) return null;
  const sorted = [...networks].sort((a, b) => a.smallestEpsilon! - b.smallestEpsilon!);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const levels = grayLevels(least.smallestEpsilon!);
  const mostLevels = grayLevels(most.smallestEpsilon!);
  if (levels === mostLevels) return null;
  return `Your ${nameBare(networks, reading)} fools ${least.name} at ${levels} of 255 gray levels, ${most.name} only at ${mostLevels}.`;
}

/** From here on "twice" and whole times are nearer to the truth than "as much". */
const leastRatio = 1.75;

/**
 * How much harder the hardest network is to fool than the next: about how many times, and only for networks that are
 * right without an attack. Null if there is nothing to compare.
 */
export function writeRatio(
  networks: readonly HeadlineNetwork[],
  label: number | null,
): string | null {
  const reading = findReading({ networks, label });
  if (reading === null) return null;
  const found = networks
    .filter(({ before, smallestEpsilon }) => before === reading && smallestEpsilon !== null)
    .sort((a, b) => b.smallestEpsilon! - a.smallestEpsilon!);
  const [hardest, next] = found;
  if (hardest === undefined || next === undefined) return null;
  const ratio = hardest.smallestEpsilon! / next.smallestEpsilon!;
  if (ratio < leastRatio) return null;
  const times = Math.round(ratio);
  return `Fooling ${hardest.name} takes about ${times === 2 ? 'twice' : `${times} times`} the nudge that fools ${next.name}.`;
}

function nameReading(networks: readonly HeadlineNetwork[], label: number): string {
  return nameAnswer(networks[0]?.dataSet ?? null, label);
}

function nameBare(networks: readonly HeadlineNetwork[], label: number): string {
  return nameClass(networks[0]?.dataSet ?? null, label);
}

/** ε as a change of a pixel's gray level, 0 to 255. */
export function grayLevels(epsilon: number): number {
  return Math.round(255 * epsilon);
}

function writeEpsilon(epsilon: number): string {
  return `At ε = ${formatEpsilon(epsilon)}`;
}

/** "Both networks", "All three networks". */
function countAll(count: number): string {
  return count === 2 ? 'Both networks' : `All ${counts[count] ?? count} networks`;
}

/** At the start of a sentence: "Plain and ABP". */
function nameAll(networks: readonly HeadlineNetwork[]): string {
  return capitalize(joinNames(networks.map(({ name }) => name)));
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
