import { parseArgs } from 'node:util';
import { type NumberKind, readNumber } from '../../../src/domain/settings/numberText.ts';
import { listChoices } from '../../../src/domain/settings/describeSettings.ts';
import type { OptionEntry } from './optionTable.ts';
import { UsageError } from './usageError.ts';

/** Values by option; a switch that is on has the value ''. */
export type Values = ReadonlyMap<string, string>;

/**
 * Splits the command line.
 *
 * @param entries the options that the command has
 * @param onArgument receives what is no option; null for commands that take none
 * @throws UsageError for an unknown option, one without its value or given twice, and an argument that is not expected
 */
export function readValues(
  args: readonly string[],
  entries: ReadonlyMap<string, OptionEntry>,
  onArgument: ((text: string) => void) | null = null,
): Values {
  const options = Object.fromEntries(
    [...entries].map(([name, { value }]) => {
      const type = value === null ? ('boolean' as const) : ('string' as const);
      return [name, { type, ...(name === 'help' ? { short: 'h' } : {}) }];
    }),
  );
  // Not strict: parseArgs' own complaints run over several lines.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (onArgument) {
        onArgument(token.value);
        continue;
      }
      throw new UsageError(`unexpected argument "${token.value}"; try --help.`);
    }
    const entry = entries.get(token.name);
    if (!entry) throw new UsageError(`unknown option ${token.rawName}; try --help.`);
    const { value } = token;
    if (entry.value === null && value !== undefined) {
      throw new UsageError(`--${token.name} takes no value.`);
    }
    const isMissing = value === undefined || (!token.inlineValue && value.startsWith('--'));
    if (entry.value !== null && isMissing) {
      throw new UsageError(`--${token.name} needs a value, ${entry.value}.`);
    }
    if (values.has(token.name)) {
      throw new UsageError(`--${token.name} is given twice; which one counts would be a guess.`);
    }
    values.set(token.name, value ?? '');
  }
  return values;
}

/** "0,1" in a list of numbers: 0 and 1, or a tenth? */
const ambiguousPart = /(?:^|,)\s*0,\d+(?![.\d])/;

/** Numbers separated by commas; a single NaN where a comma could be a decimal mark. */
export function toList(text: string): number[] {
  return ambiguousPart.test(text) ? [NaN] : text.split(',').map((part) => readNumber(part));
}

export function readChoice<T extends string>(
  values: Values,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const text = values.get(name);
  if (text === undefined) return fallback;
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  throw new UsageError(`--${name} must be ${listChoices(choices)}, not "${text}".`);
}

export function readWithin(
  values: Values,
  name: string,
  fallback: number,
  { min, max }: { readonly min: number; readonly max: number },
  kind: NumberKind = 'whole',
): number {
  const text = values.get(name);
  const value = text === undefined ? fallback : readNumber(text, kind);
  if (value >= min && value <= max && (kind === 'real' || Number.isInteger(value))) return value;
  const wanted = kind === 'whole' ? 'a whole number' : 'a number';
  throw new UsageError(
    `--${name} must be ${wanted} from ${min} to ${max}, not "${text ?? value}".`,
  );
}

/** A path; an empty one is a variable that was not set. */
export function readPath(values: Values, name: string): string | null {
  const text = values.get(name);
  if (text === '') throw new UsageError(`--${name} needs a path, found an empty one.`);
  return text ?? null;
}
