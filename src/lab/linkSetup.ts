import { defaultConfig, type TrainingMethod, trainingMethods } from '../shared/config.ts';
import {
  defaultState,
  epsilonField,
  findSettingProblem,
  type SettingField,
  settingFields,
  type SettingValue,
} from './linkFields.ts';
import { describePlace, describeText, type Problems } from './linkProblems.ts';
import { presets, setupOfPreset } from './presets.ts';
import type { SettingsDraft } from './settings.ts';
import { type EntryChanges, findErrors, makeSetup, maxEntries, type Setup } from './setup.ts';

/** Names of the fields that define the race, as far as they are not settings. */
const presetName = 'preset';
const runsName = 'runs';

/** What differences are written from. */
const bases = presets.map((preset) => ({ id: preset.id, base: setupOfPreset(preset) }));

/** Settings that a run may have of its own. */
const runFields: readonly SettingField[] = [
  epsilonField,
  ...settingFields.filter(({ setting }) => setting !== 'dataSet'),
];
const defaultEpsilon = epsilonField.write(String(defaultConfig.trainingEpsilon));

export const setupNames: readonly string[] = [
  presetName,
  ...settingFields.map(({ name }) => name),
  runsName,
];

// Writing -------------------------------------------------------------------------------------

/**
 * The fields of a setup, as differences from the preset that leaves the fewest. What is refused at
 * present is left out.
 */
export function writeSetup(setup: Setup): [name: string, text: string][] {
  const spellings = bases.map(({ id, base }) => {
    const { shared, entries } = mend(setup, base);
    const fields: [string, string][] = [[presetName, id]];
    for (const field of settingFields) {
      const text = field.write(shared[field.setting]);
      if (text !== field.write(base.shared[field.setting])) fields.push([field.name, text]);
    }
    const runs = writeRuns(entries);
    if (runs !== writeRuns(base.entries)) fields.push([runsName, runs]);
    return fields;
  });
  const lengthOf = (fields: [string, string][]): number => fields.flat().join('').length;
  return spellings.reduce((best, one) => (lengthOf(one) < lengthOf(best) ? one : best));
}

/** "plain;adversarial,eps:0.25": each run's method and what it changes of the shared settings. */
function writeRuns(entries: Setup['entries']): string {
  return entries
    .map(({ changes }) => {
      const own = runFields.flatMap((field) => {
        const value = changes[field.setting];
        if (value === undefined) return [];
        const text = field.write(value);
        return field === epsilonField && text === defaultEpsilon ? [] : [`${field.name}:${text}`];
      });
      return [changes.method, ...own].join(',');
    })
    .join(';');
}

/** The setup with the base's values, or none of a run's own, where a value is refused. */
function mend(setup: Setup, base: Setup): Setup {
  let shared: SettingsDraft = { ...base.shared };
  for (const field of settingFields) {
    const value = setup.shared[field.setting];
    if (findSettingProblem(field, value) === null) shared = { ...shared, [field.setting]: value };
  }
  let changes = setup.entries.map((entry): EntryChanges => {
    const own = runFields.flatMap((field): [string, SettingValue][] => {
      const value = entry.changes[field.setting];
      return value === undefined || findSettingProblem(field, value) !== null
        ? []
        : [[field.setting, value]];
    });
    return {
      trainingEpsilon: String(defaultConfig.trainingEpsilon),
      ...(Object.fromEntries(own) as Partial<EntryChanges>),
      method: entry.changes.method,
    };
  });

  const drop = (index: number | null, key: keyof SettingsDraft): void => {
    if (index === null) shared = { ...shared, [key]: base.shared[key] };
    changes = changes.map((one, place) => (place === index ? without(one, key) : one));
  };
  // Values that are fine one by one may be refused together: a run's own go first, then shared ones.
  for (let round = 0; round < 3; round++) {
    const mended = makeSetup(shared, changes);
    const errors = findErrors(mended);
    if (errors.length === 0) return mended;
    for (const { entry, field } of errors) drop(entry?.key ?? null, field);
    if (round === 1) {
      for (const index of [null, ...changes.keys()]) drop(index, 'holdOutValidation');
    }
  }
  return base;
}

function without(changes: EntryChanges, key: keyof SettingsDraft): EntryChanges {
  return Object.fromEntries(
    Object.entries(changes).filter(([field]) => field !== key),
  ) as EntryChanges;
}

// Reading -------------------------------------------------------------------------------------

/** The setup that a link's fields describe; what is wrong with them goes to `problems`. */
export function readSetup(fields: ReadonlyMap<string, string>, problems: Problems): Setup {
  const base = readPreset(fields.get(presetName), problems);
  let shared = base.shared;
  for (const field of settingFields) {
    const text = fields.get(field.name);
    if (text === undefined) continue;
    const value = readSetting(field, text, field.name, problems);
    if (value !== undefined) shared = { ...shared, [field.setting]: value };
  }
  const runs = fields.get(runsName);
  const changes =
    runs === undefined ? base.entries.map((entry) => entry.changes) : readRuns(runs, problems);
  if (problems.hasAny()) return base;

  const setup = makeSetup(shared, changes);
  for (const { entry, field, message } of findErrors(setup)) {
    const name = runFields.find((one) => one.setting === field)?.name ?? field;
    problems.add(entry === null ? name : describePlace(runsName, entry.key, name), message);
  }
  return problems.hasAny() ? base : setup;
}

function readPreset(id: string | undefined, problems: Problems): Setup {
  if (id === undefined) return defaultState.setup;
  const found = bases.find((one) => one.id === id);
  if (found) return found.base;
  const ids = bases.map((one) => one.id).join(', ');
  problems.add(presetName, `Expected one of ${ids}; found ${describeText(id)}.`);
  return defaultState.setup;
}

function readSetting(
  field: SettingField,
  text: string,
  place: string,
  problems: Problems,
): SettingValue | undefined {
  const value = field.read(text);
  const problem =
    value === undefined ? `Expected ${field.expected}.` : findSettingProblem(field, value);
  if (problem === null) return value;
  problems.add(place, `${problem} Found ${describeText(text)}.`);
  return undefined;
}

function readRuns(text: string, problems: Problems): EntryChanges[] {
  const runs = text.split(';');
  if (runs.length > maxEntries) {
    problems.add(runsName, `A race has 1 to ${maxEntries} runs; found ${runs.length}.`);
    return [];
  }
  return runs.flatMap((run, index) => readRun(run, index, problems) ?? []);
}

function readRun(run: string, index: number, problems: Problems): EntryChanges | null {
  const [first = '', ...own] = run.split(',');
  const method = trainingMethods.find((one) => one === first);
  if (method === undefined) {
    const expected = `Expected a method, one of ${trainingMethods.join(', ')}`;
    problems.add(describePlace(runsName, index), `${expected}; found ${describeText(first)}.`);
    return null;
  }
  const read = new Map<SettingField, SettingValue>();
  for (const change of own) {
    const colon = change.indexOf(':');
    const name = colon < 0 ? change : change.slice(0, colon);
    const field = runFields.find((one) => one.name === name);
    const place = describePlace(runsName, index, name);
    if (field === undefined || colon < 0) {
      problems.add(describePlace(runsName, index), `${describeText(change)} is no setting.`);
    } else if (read.has(field)) {
      problems.add(place, 'It is said twice.');
    } else {
      const value = readSetting(field, change.slice(colon + 1), place, problems);
      if (value !== undefined) read.set(field, value);
    }
  }
  return makeChanges(method, read);
}

function makeChanges(
  method: TrainingMethod,
  read: ReadonlyMap<SettingField, SettingValue>,
): EntryChanges {
  const own = [...read].map(([field, value]) => [field.setting, value]);
  return {
    trainingEpsilon: String(defaultConfig.trainingEpsilon),
    ...(Object.fromEntries(own) as Partial<EntryChanges>),
    method,
  };
}
