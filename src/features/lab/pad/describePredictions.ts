import { type CustomData, nameAnswer } from '../../../domain/dataSet.ts';
import type { Prediction } from '../../../experiment/drawing/prediction.ts';
import type { DrawingSearch } from '../../../experiment/drawing/drawingState.ts';

/** A network's name and its prediction. */
export interface NamedPrediction {
  readonly name: string;
  readonly prediction: Prediction;
}

/** "Plain", "Plain and ABP", "Plain, Dropout and ABP". */
export function joinNames(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

/** Whether the networks agree, as a sentence. */
export function describeAgreement(
  predictions: readonly NamedPrediction[],
  dataSet: CustomData | null = null,
): string {
  const [first] = predictions;
  if (first === undefined) return '';
  const digits = [...new Set(predictions.map(({ prediction }) => prediction.digit))];
  if (predictions.length === 1)
    return `${first.name} reads ${nameAnswer(dataSet, first.prediction.digit)}.`;
  if (digits.length === 1) {
    const who = predictions.length === 2 ? 'Both networks' : `All ${predictions.length} networks`;
    return `${who} read ${nameAnswer(dataSet, first.prediction.digit)}.`;
  }
  const parts = digits.map((digit) => {
    const names = predictions
      .filter(({ prediction }) => prediction.digit === digit)
      .map(({ name }) => name);
    return `${joinNames(names)} ${names.length === 1 ? 'reads' : 'read'} ${nameAnswer(dataSet, digit)}`;
  });
  return `The networks disagree: ${parts.join('; ')}.`;
}

/** A network's predictions before and after an attack. */
export interface NamedAttack {
  readonly name: string;
  readonly before: Prediction;
  readonly after: Prediction;
}

/** Which networks an attack has fooled, as a sentence. */
export function describeAttack(
  attacks: readonly NamedAttack[],
  target: number | null,
  dataSet: CustomData | null = null,
): string {
  const isHit = ({ before, after }: NamedAttack): boolean =>
    target === null ? after.digit !== before.digit : after.digit === target;
  // A network that predicts the target anyway cannot be fooled into it.
  const led = attacks.filter(({ before }) => before.digit !== target);
  const verb = target === null ? 'fools' : 'makes';
  const goal = target === null ? '' : ` predict ${nameAnswer(dataSet, target)}`;
  if (led.length === 0)
    return `Every network predicts ${nameAnswer(dataSet, target!)} without an attack.`;
  const hit = led.filter(isHit).map(({ name }) => name);
  const held = led.filter((one) => !isHit(one)).map(({ name }) => name);
  if (hit.length === 0) return `The attack ${verb} no network${goal}.`;
  if (held.length === 0) {
    const who = hit.length === 1 ? hit[0]! : hit.length === 2 ? 'both networks' : 'every network';
    return `The attack ${verb} ${who}${goal}.`;
  }
  return `The attack ${verb} ${joinNames(hit)}${goal}, but not ${joinNames(held)}.`;
}

/** Which network needs the smallest change and which the largest, after the search. */
export function describeSearch(
  search: Pick<DrawingSearch, 'target' | 'results'>,
  networks: readonly { readonly id: string; readonly name: string }[],
  dataSet: CustomData | null = null,
): string {
  const found = networks.flatMap(({ id, name }) => {
    const epsilon = search.results[id]?.found?.epsilon;
    return epsilon === undefined || search.target === search.results[id]?.before.digit
      ? []
      : [{ name, epsilon }];
  });
  found.sort((a, b) => a.epsilon - b.epsilon);
  const aim = search.target === null ? '' : `Target ${nameAnswer(dataSet, search.target)}: `;
  const [least, most] = [found[0], found.at(-1)];
  if (least === undefined || most === undefined) {
    return Object.keys(search.results).length > 0 ? `${aim}No network was fooled.` : '';
  }
  const first = `${aim}${least.name} is fooled at ε ${least.epsilon.toFixed(3)}`;
  if (most.epsilon === least.epsilon) return `${first}.`;
  const factor = (most.epsilon / least.epsilon).toFixed(1);
  return `${first}, ${most.name} at ${most.epsilon.toFixed(3)}, ${factor} times as much.`;
}

/** A probability in whole percent, shown beside a bar. */
export function formatPercent(probability: number): string {
  const percent = 100 * probability;
  if (percent > 0 && percent < 1) return '< 1 %';
  if (percent > 99 && percent < 100) return '> 99 %';
  return `${Math.round(percent)} %`;
}
