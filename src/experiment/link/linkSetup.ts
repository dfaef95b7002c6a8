import {
  defaultConfig,
  type TrainingMethod,
  trainingMethods,
} from '../../domain/settings/config.ts';
import { rowOf, type SettingKey, settingKeys, settings } from '../../domain/settings/settings.ts';
import { defaultState } from './linkFields.ts';
import { describePlace, describeText, type Problems } from './linkProblems.ts';
import { presets, setupOfPreset } from '../setup/presets.ts';
import {
  draftOfValue,
  isTextSetting,
  readDraftValue,
  type SettingsDraft,
} from '../setup/settingsDraft.ts';
import {
  type EntryChanges,
  findErrors,
  makeSetup,
  maxEntries,
  type Setup,
} from '../setup/setup.ts';

/** Names of the fields that define the experiment, other than settings. */
const presetName = 'preset';
const runsName = 'runs';

const linked = settingKeys.flatMap((key) => {
  const { link } = rowOf(key);
  return link === null ? [] : [{ key, name: link }];
});
const always = linked.filter(({ key }) => rowOf(key).perRun === 'always');

/** Settings that a link contains for all runs, in the link's order. */
const sharedLinkSettings = linked.filter((setting) => !always.includes(setting));

/** Settings that a link may contain for one run, within `runs`; those that every run has come first. */
const runLinkSettings = [
  ...always,
  ...sharedLinkSettings.filter(({ key }) => rowOf(key).perRun !== 'never'),
];

const defaultEpsilon = String(defaultConfig.trainingEpsilon);

interface Base {
  readonly id: string;
  readonly base: Setup;
  readonly texts: ReadonlyMap<string, string>;
}

let bases: readonly Base[] | null = null;

/** The setups that differences refer to. Made for the first link, as the page's first screen is not to wait for them. */
function findBases(): readonly Base[] {
  bases ??= presets.map((preset) => {
    const base = setupOfPreset(preset);
    return { id: preset.id, base, texts: new Map(writeFields(base)) };
  });
  return bases;
}

export const setupNames: readonly string[] = [
  presetName,
  ...sharedLinkSettings.map(({ name }) => name),
  runsName,
];

// Writing -------------------------------------------------------------------------------------

/**
 * The fields of a setup, as differences from the preset with the fewest differences. Invalid values
 * are left out.
 */
export function writeSetup(setup: Setup): [name: string, text: string][] {
  const accepted = findAccepted(setup);
  const spellings = findBases().map(({ id, base, texts }): [string, string][] => {
    const fields = writeFields(sanitize(accepted, base));
    return [[presetName, id], ...fields.filter(([name, text]) => text !== texts.get(name))];
  });
  const lengthOf = (fields: [string, string][]): number => fields.flat().join('').length;
  return spellings.reduce((best, one) => (lengthOf(one) < lengthOf(best) ? one : best));
}

function writeFields({ shared, entries }: Setup): [name: string, text: string][] {
  const fields = sharedLinkSettings.map(({ key, name }): [string, string] => [
    name,
    writeSetting(key, shared[key]),
  ]);
  return [...fields, [runsName, writeRuns(entries)]];
}

/** "plain;adversarial,eps:0.25": each run's method and its changes to the shared settings. */
function writeRuns(entries: Setup['entries']): string {
  return entries
    .map(({ changes }) => {
      const own = runLinkSettings.flatMap(({ key, name }) => {
        const drafted = changes[key];
        if (drafted === undefined) return [];
        const text = writeSetting(key, drafted);
        return key === 'trainingEpsilon' && text === defaultEpsilon ? [] : [`${name}:${text}`];
      });
      return [changes.method, ...own].join(',');
    })
    .join(';');
}

/** The valid part of a setup, setting by setting. */
interface Accepted {
  readonly shared: Partial<SettingsDraft>;
  readonly changes: readonly EntryChanges[];
}

function findAccepted(setup: Setup): Accepted {
  const shared = sharedLinkSettings
    .map(({ key }) => [key, setup.shared[key]] as const)
    .filter(([key, drafted]) => isAccepted(key, drafted));
  const changes = setup.entries.map((entry) => {
    const own = new Map<SettingKey, unknown>();
    for (const { key } of runLinkSettings) {
      const drafted = entry.changes[key];
      if (drafted !== undefined && isAccepted(key, drafted)) own.set(key, drafted);
    }
    return makeChanges(entry.changes.method, own);
  });
  return { shared: Object.fromEntries(shared), changes };
}

/** The setup with invalid values replaced: a run's own are removed, shared ones come from the base. */
function sanitize(accepted: Accepted, base: Setup): Setup {
  let shared: SettingsDraft = { ...base.shared, ...accepted.shared };
  let changes = accepted.changes;
  const drop = (index: number | null, key: keyof SettingsDraft): void => {
    if (index === null) shared = { ...shared, [key]: base.shared[key] };
    changes = changes.map((one, place) => (place === index ? without(one, key) : one));
  };
  // Values that are valid alone may be invalid together: a run's own are removed first, then shared ones.
  for (let round = 0; round < 3; round++) {
    const sanitized = makeSetup(shared, changes);
    const errors = findErrors(sanitized);
    if (errors.length === 0) return sanitized;
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

// Reading -----------------------------------------------------------------------------------------

/** The setup that a link's fields describe; errors are added to `problems`. */
export function readSetup(fields: ReadonlyMap<string, string>, problems: Problems): Setup {
  const base = readPreset(fields.get(presetName), problems);
  let shared = base.shared;
  for (const { key, name } of sharedLinkSettings) {
    const text = fields.get(name);
    if (text === undefined) continue;
    const reading = readSetting(key, text);
    if ('problem' in reading) problems.add(name, reading.problem);
    else shared = { ...shared, [key]: reading.drafted };
  }
  const runs = fields.get(runsName);
  const changes =
    runs === undefined ? base.entries.map((entry) => entry.changes) : readRuns(runs, problems);
  if (problems.hasAny()) return base;

  const setup = makeSetup(shared, changes);
  for (const { entry, field, message } of findErrors(setup)) {
    const name = rowOf(field).link ?? field;
    problems.add(entry === null ? name : describePlace(runsName, entry.key, name), message);
  }
  return problems.hasAny() ? base : setup;
}

function readPreset(id: string | undefined, problems: Problems): Setup {
  if (id === undefined) return defaultState.setup;
  const found = findBases().find((one) => one.id === id);
  if (found) return found.base;
  const ids = findBases()
    .map((one) => one.id)
    .join(', ');
  problems.add(presetName, `Expected one of ${ids}; found ${describeText(id)}.`);
  return defaultState.setup;
}

function readRuns(text: string, problems: Problems): EntryChanges[] {
  const runs = text.split(';');
  if (runs.length > maxEntries) {
    problems.add(runsName, `An experiment has 1 to ${maxEntries} runs; found ${runs.length}.`);
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
  const read = new Map<SettingKey, unknown>();
  for (const change of own) {
    const colon = change.indexOf(':');
    const name = colon < 0 ? change : change.slice(0, colon);
    const key = runLinkSettings.find((setting) => setting.name === name)?.key;
    const place = describePlace(runsName, index, name);
    if (key === undefined || colon < 0) {
      problems.add(describePlace(runsName, index), `${describeText(change)} is not a setting.`);
    } else if (read.has(key)) {
      problems.add(place, 'It appears twice.');
    } else {
      const reading = readSetting(key, change.slice(colon + 1));
      if ('problem' in reading) problems.add(place, reading.problem);
      else read.set(key, reading.drafted);
    }
  }
  return makeChanges(method, read);
}

function makeChanges(method: TrainingMethod, own: ReadonlyMap<SettingKey, unknown>): EntryChanges {
  return {
    trainingEpsilon: defaultEpsilon,
    ...(Object.fromEntries(own) as Partial<EntryChanges>),
    method,
  };
}

// Single settings ---------------------------------------------------------------------------------

/** A valid drafted value in the link's spelling. */
function writeSetting(key: SettingKey, drafted: unknown): string {
  return rowOf(key).write(readDraftValue(key, drafted));
}

/** The draft of a link's text, or the reason why it is invalid. */
function readSetting(
  key: SettingKey,
  text: string,
): { readonly drafted: unknown } | { readonly problem: string } {
  const row = rowOf(key);
  const value = row.read(text);
  const problem = value === undefined ? `Expected ${row.expected}.` : findProblem(key, value);
  if (problem === null) return { drafted: draftOfValue(key, value) };
  // The reason quotes the text, which may be long or contain misleading characters.
  const isHarmless = isTextSetting(key) && /^[\d.,]{1,12}$/.test(text);
  const reason = isHarmless ? settings[key].explain(text) : '';
  return { problem: `${problem} ${reason || `Found ${describeText(text)}.`}` };
}

/** Whether a drafted value is valid, regardless of the other settings. */
function isAccepted(key: SettingKey, drafted: unknown): boolean {
  return findProblem(key, readDraftValue(key, drafted)) === null;
}

function findProblem(key: SettingKey, value: unknown): string | null {
  return rowOf(key).schema.safeParse(value).error?.issues[0]?.message ?? null;
}
