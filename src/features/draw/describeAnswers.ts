import type { Answer } from '../../lab/drawing/answer.ts';
import type { DrawingSearch } from '../../lab/drawing/drawingState.ts';

/** A network and what it answers. */
export interface NamedAnswer {
  readonly name: string;
  readonly answer: Answer;
}

/** "Plain", "Plain and ABP", "Plain, Dropout and ABP". */
export function joinNames(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

/** "a 3", "an 8". */
export function nameDigit(digit: number): string {
  return `${digit === 8 ? 'an' : 'a'} ${digit}`;
}

/** Whether the networks agree, as a sentence. */
export function describeAgreement(answers: readonly NamedAnswer[]): string {
  const [first] = answers;
  if (first === undefined) return '';
  const digits = [...new Set(answers.map(({ answer }) => answer.digit))];
  if (answers.length === 1) return `${first.name} reads ${nameDigit(first.answer.digit)}.`;
  if (digits.length === 1) {
    const who = answers.length === 2 ? 'Both networks' : `All ${answers.length} networks`;
    return `${who} read ${nameDigit(first.answer.digit)}.`;
  }
  const parts = digits.map((digit) => {
    const names = answers.filter(({ answer }) => answer.digit === digit).map(({ name }) => name);
    return `${joinNames(names)} ${names.length === 1 ? 'reads' : 'read'} ${nameDigit(digit)}`;
  });
  return `The networks disagree: ${parts.join('; ')}.`;
}

/** A network's answers before and after an attack. */
export interface NamedAttack {
  readonly name: string;
  readonly before: Answer;
  readonly after: Answer;
}

/** Which networks an attack has fooled, as a sentence. */
export function describeAttack(attacks: readonly NamedAttack[], towards: number | null): string {
  const isHit = ({ before, after }: NamedAttack): boolean =>
    towards === null ? after.digit !== before.digit : after.digit === towards;
  // Nobody has to be led to an answer that is given anyway.
  const aimed = attacks.filter(({ before }) => before.digit !== towards);
  const goal = towards === null ? 'another answer' : nameDigit(towards);
  if (aimed.length === 0) return `Every network reads ${goal} without an attack.`;
  const hit = aimed.filter(isHit).map(({ name }) => name);
  const held = aimed.filter((one) => !isHit(one)).map(({ name }) => name);
  if (hit.length === 0) return `The attack leads no network to ${goal}.`;
  if (held.length === 0) {
    const who = hit.length === 1 ? hit[0]! : hit.length === 2 ? 'both networks' : 'every network';
    return `The attack leads ${who} to ${goal}.`;
  }
  return `The attack leads ${joinNames(hit)} to ${goal}, but not ${joinNames(held)}.`;
}

/** Who takes least and who takes most, when the search has ended. */
export function describeSearch(
  search: Pick<DrawingSearch, 'towards' | 'results'>,
  networks: readonly { readonly id: string; readonly name: string }[],
): string {
  const found = networks.flatMap(({ id, name }) => {
    const epsilon = search.results[id]?.found?.epsilon;
    return epsilon === undefined || search.towards === search.results[id]?.before.digit
      ? []
      : [{ name, epsilon }];
  });
  found.sort((a, b) => a.epsilon - b.epsilon);
  const aim = search.towards === null ? '' : `Towards ${nameDigit(search.towards)}: `;
  const [least, most] = [found[0], found.at(-1)];
  if (least === undefined || most === undefined) {
    return Object.keys(search.results).length > 0 ? `${aim}No network’s answer was changed.` : '';
  }
  const first = `${aim}${least.name}’s answer changes at ε ${least.epsilon.toFixed(3)}`;
  if (most.epsilon === least.epsilon) return `${first}.`;
  const factor = (most.epsilon / least.epsilon).toFixed(1);
  return `${first}; ${most.name}’s at ${most.epsilon.toFixed(3)}, ${factor} times as much.`;
}

/** A probability in whole percent, for a bar. */
export function formatPercent(probability: number): string {
  const percent = 100 * probability;
  if (percent > 0 && percent < 1) return '< 1 %';
  if (percent > 99 && percent < 100) return '> 99 %';
  return `${Math.round(percent)} %`;
}
