import { formatEpsilon } from '../../../ui/format.ts';
import { joinNames, nameDigit } from '../pad/describePredictions.ts';

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
}

export interface HeadlineState {
  readonly pad: 'empty' | 'test digit' | 'drawing';
  /** Whether the page shows its first digit and ε still, untouched. */
  readonly isFirst: boolean;
  /** What the digit is, or null if it is unknown. */
  readonly label: number | null;
  readonly epsilon: number;
  readonly networks: readonly HeadlineNetwork[];
}

const counts = ['No', 'One', 'Two', 'Three', 'Four'];

/** The story of the digit on the pad in one or two sentences, true of what the page shows. */
export function writeHeadline(state: HeadlineState): string {
  const { pad, label, networks } = state;
  if (pad === 'empty') {
    const one = networks.length === 1;
    return `Draw a digit. ${counts[networks.length] ?? 'All'} network${one ? ' reads' : 's read'} it while you draw.`;
  }
  const known = networks.filter(({ before }) => before !== null);
  if (known.length < networks.length || known.length === 0) return 'The networks are loading.';
  if (label === null) return writeDisagreement(networks);
  const wrong = networks.filter(({ before }) => before !== label);
  if (wrong.length > 0) return writeMisread(state, label, wrong);
  return writeAttack(state, label);
}

function writeDisagreement(networks: readonly HeadlineNetwork[]): string {
  return `The networks disagree: ${listReadings(networks, 'before')}.`;
}

/** Networks that are wrong before the attack are named first, and left out of what follows. */
function writeMisread(
  { networks, epsilon, pad }: HeadlineState,
  label: number,
  wrong: readonly HeadlineNetwork[],
): string {
  const thing = pad === 'drawing' ? `your ${label}` : `this ${label}`;
  if (wrong.length === networks.length && wrong.length > 1) {
    return `Every network misreads ${thing} without any nudge.`;
  }
  const names = joinNames(wrong.map(({ name }) => name));
  const first = `${capitalize(names)} ${wrong.length === 1 ? 'misreads' : 'misread'} ${thing} without any nudge.`;
  const rest = networks.filter(({ before }) => before === label);
  if (epsilon === 0 || rest.length === 0 || rest.some(({ after }) => after === null)) return first;
  const held = rest.filter(({ after }) => after === label);
  if (held.length === rest.length) {
    return `${first} ${capitalize(joinNames(rest.map(({ name }) => name)))} still ${held.length === 1 ? 'reads' : 'read'} ${nameDigit(label)}.`;
  }
  return `${first} ${writeFooled(rest, label)}`;
}

function writeAttack(state: HeadlineState, label: number): string {
  const { networks, epsilon, isFirst, pad } = state;
  const all = countAll(networks.length);
  const only = networks.length === 1 ? capitalize(networks[0]!.name) : null;
  const thing = pad === 'drawing' ? `your ${label}` : `this ${label}`;
  if (epsilon === 0) {
    return `${only === null ? `${all} read` : `${only} reads`} ${nameDigit(label)}. Drag ε to nudge its pixels.`;
  }
  if (networks.some(({ after }) => after === null)) {
    return `${only === null ? `${all} read` : `${only} reads`} ${thing}.`;
  }
  const fooled = networks.filter(({ after }) => after !== label);
  const at = `at ε = ${formatEpsilon(epsilon)}`;
  if (fooled.length === 0) {
    const who =
      only === null
        ? `${all.toLowerCase().replace(' networks', '')} still read`
        : `${networks[0]!.name} still reads`;
    return `Not enough: ${at} ${who} ${nameDigit(label)}.`;
  }
  if (fooled.length === networks.length) {
    const who =
      only === null
        ? `${all.toLowerCase().replace(' networks', '')} are`
        : `${networks[0]!.name} is`;
    return `At ${at.slice(3)} ${who} fooled. No network is unbreakable.`;
  }
  if (pad === 'drawing') return writeThresholds(networks, label) ?? writeFooled(networks, label);
  if (isFirst) {
    const digits = new Set(fooled.map(({ after }) => after));
    const [digit] = digits;
    const read = digits.size === 1 ? `read ${nameDigit(digit!)}` : 'read something else';
    return `${all} read this ${label}. Nudge its pixels, and ${(counts[fooled.length] ?? '').toLowerCase()} ${fooled.length === 1 ? read.replace('read', 'reads') : read}.`;
  }
  return writeFooled(networks, label);
}

/** "Plain reads a 9 and dropout an 8. ABP still reads a 4." */
function writeFooled(networks: readonly HeadlineNetwork[], label: number): string {
  const fooled = networks.filter(({ after }) => after !== label);
  const held = networks.filter(({ after }) => after === label);
  const first = `${capitalize(listReadings(fooled, 'after'))}.`;
  if (held.length === 0) return first;
  const names = capitalize(joinNames(held.map(({ name }) => name)));
  return `${first} ${names} still ${held.length === 1 ? 'reads' : 'read'} ${nameDigit(label)}.`;
}

/** "plain reads a 9 and dropout an 8", "plain and dropout read a 9" */
function listReadings(networks: readonly HeadlineNetwork[], when: 'before' | 'after'): string {
  const digits = [...new Set(networks.map((network) => network[when]))];
  const parts = digits.map((digit, index) => {
    const names = networks.filter((network) => network[when] === digit).map(({ name }) => name);
    const verb = names.length === 1 ? 'reads ' : 'read ';
    return `${joinNames(names)} ${index === 0 || names.length > 1 ? verb : ''}${nameDigit(digit!)}`;
  });
  return joinNames(parts);
}

/** "Your 7 fools plain at 13 of 255 gray levels, ABP only at 60." Null unless the search has found at least two. */
function writeThresholds(networks: readonly HeadlineNetwork[], label: number): string | null {
  const found = networks.filter(({ smallestEpsilon }) => smallestEpsilon !== null);
  if (found.length < networks.length || found.length < 2) return null;
  const sorted = [...found].sort((a, b) => a.smallestEpsilon! - b.smallestEpsilon!);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const levels = grayLevels(least.smallestEpsilon!);
  const mostLevels = grayLevels(most.smallestEpsilon!);
  if (levels === mostLevels) return null;
  return `Your ${label} fools ${least.name} at ${levels} of 255 gray levels, ${most.name} only at ${mostLevels}.`;
}

/**
 * How much harder the hardest network is to fool than the next: whole times, and only for networks that are right
 * without an attack. Null if there is nothing to compare.
 */
export function writeRatio(
  networks: readonly HeadlineNetwork[],
  label: number | null,
): string | null {
  const found = networks
    .filter(({ before, smallestEpsilon }) => before === label && smallestEpsilon !== null)
    .sort((a, b) => b.smallestEpsilon! - a.smallestEpsilon!);
  const [hardest, next] = found;
  if (hardest === undefined || next === undefined) return null;
  const ratio = Math.round(hardest.smallestEpsilon! / next.smallestEpsilon!);
  if (ratio < 2) return null;
  return `Fooling ${hardest.name} takes ${ratio === 2 ? 'twice' : `${ratio} times`} the nudge that fools ${next.name}.`;
}

/** ε as a change of a pixel's gray level, 0 to 255. */
export function grayLevels(epsilon: number): number {
  return Math.round(255 * epsilon);
}

function countAll(count: number): string {
  if (count === 2) return 'Both networks';
  return `All ${(counts[count] ?? String(count)).toLowerCase()} networks`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
