import { showLayers } from './layersText.ts';
import { describeRange, type Setting } from './settingKinds.ts';
import { rowOf, type SettingKey, settings } from './settings.ts';

/** The settings and their values in words: for names of runs, recipes, the command line's help and the docs. */

/** A value, or the text of a draft, in as few words as the name of a run has room for: "decay 0.94". */
export function describeShortly(key: SettingKey, value: unknown): string {
  const row = rowOf(key);
  return row.short(typeof value === 'string' ? shortenDraft(row, value) : shorten(row, value));
}

function shortenDraft(row: Setting<unknown>, text: string): string {
  const value = row.read(text);
  return row.schema.safeParse(value).success ? shorten(row, value) : text;
}

/** 8/255 without its last digits; layers as people list them. */
function shorten({ kind, write }: Setting<unknown>, value: unknown): string {
  if (kind === 'layers') return showLayers(value as number[]);
  return kind === 'real' ? String(Number((value as number).toPrecision(6))) : write(value);
}

/** A value in the description of a recipe: "batches of 64"; null for a setting that is described elsewhere. */
export function describeInRecipe(key: SettingKey, value: unknown): string | null {
  const { phrase, short, write } = rowOf(key);
  if (phrase === null) return null;
  return phrase === undefined ? short(write(value)) : phrase(value);
}

/** What a setting is called within a sentence: "learning rate", "PGD steps". */
export function nameInSentence(key: SettingKey): string {
  const { label, inSentence } = rowOf(key);
  return inSentence ?? lowerFirst(label);
}

/** With a small first letter, but for abbreviations. */
export function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

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
