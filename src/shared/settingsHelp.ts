import { describeRange } from './settingKinds.ts';
import { lowerFirst, rowOf, type SettingKey, settings } from './settings.ts';

/** The settings as the command line's help and the tables of docs/links.md and docs/command-line.md explain them. */

/** "Steps of PGD for each batch (method pgd)". */
export function describeSetting(key: SettingKey): string {
  const { help, methods, networkTypes } = rowOf(key);
  const users = [
    ...(methods ? [`method${methods.length > 1 ? 's' : ''} ${methods.join(', ')}`] : []),
    ...(networkTypes ? [`network ${networkTypes.join(', ')}`] : []),
  ];
  return users.length === 0 ? help : `${help} (${users.join('; ')})`;
}

/** What a setting may be: "0.1 to 1", "bce (sigmoid, binary cross-entropy) or ce (…)". */
export function describeValues(key: SettingKey): string {
  const row = settings[key];
  switch (row.kind) {
    case 'real':
    case 'whole':
      return describeRange(row.limits);
    case 'choice':
      return listChoices([...row.labels].map(([value, label]) => describeChoice(value, label)));
    case 'toggle':
      return 'yes or no';
    case 'layers': {
      const { layers, units } = row.layerLimits;
      return `such as 400-400, at most ${layers.max} layers of ${describeRange(units)} units; none for a linear classifier`;
    }
    case 'seedOrNone':
      return `${describeRange(row.limits)}, or no`;
    case 'data':
      return 'mnist, or as the page writes it';
  }
}

/** With its label, where that says more than the value. */
function describeChoice(value: string, label: string): string {
  return label.toLowerCase() === value ? value : `${value} (${lowerFirst(label)})`;
}

/** Choices as a sentence would list them. */
export function listChoices(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)!}`;
}
