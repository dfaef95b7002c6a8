import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { findNewMethod, type TrainingMethod } from '../../domain/settings/methods.ts';
import { isSettingUsed } from '../../domain/settings/settings.ts';
import { nameRuns } from './names.ts';
import { assignPaletteIndices } from './paletteIndices.ts';
import { draftOf, readDraft, type Settings, type SettingsDraft } from './settingsDraft.ts';

/** Maximum number of runs in one experiment. */
export const maxEntries = 4;

/** A run's changes to the shared settings; its method and ε are always its own. */
export type EntryChanges = Partial<SettingsDraft> &
  Pick<SettingsDraft, 'method' | 'trainingEpsilon'>;

/** One run of the next experiment. */
export interface Entry {
  /** Identifies entries while they are edited. */
  readonly key: number;
  readonly changes: EntryChanges;
  /** The shared settings with the run's changes applied. */
  readonly settings: Settings;
  /** Its index in the palette (paletteIndices.ts). */
  readonly paletteIndex: number;
  /** Display name: method and ε, and what else distinguishes it from the others. */
  readonly name: string;
  /** The newest settings without an error, for its name; null if it had none yet. */
  readonly valid: RunConfig | null;
}

/** The next experiment: settings that all runs share, and 1 to 4 runs. */
export interface Setup {
  readonly shared: SettingsDraft;
  readonly entries: readonly Entry[];
}

export function makeSetup(shared: SettingsDraft, changes: readonly EntryChanges[]): Setup {
  return readEntries(
    shared,
    changes.map((change, key) => ({ key, changes: change })),
  );
}

export function changeShared(setup: Setup, changes: Partial<SettingsDraft>): Setup {
  return readEntries({ ...setup.shared, ...changes }, setup.entries);
}

/** @param changes undefined removes a change: the entry follows the shared setting again */
export function changeEntry(
  setup: Setup,
  key: number,
  changes: { readonly [Key in keyof SettingsDraft]?: SettingsDraft[Key] | undefined },
): Setup {
  return readEntries(
    setup.shared,
    setup.entries.map((entry) => {
      if (entry.key !== key) return entry;
      const merged = Object.entries({ ...entry.changes, ...changes });
      const kept = merged.filter(([, value]) => value !== undefined);
      return { ...entry, changes: Object.fromEntries(kept) as EntryChanges };
    }),
  );
}

/** Adds a run with a method, by default one that the experiment does not have yet. */
export function addEntry(setup: Setup, chosen?: TrainingMethod): Setup {
  if (setup.entries.length >= maxEntries) return setup;
  const method = chosen ?? findNewMethod(setup.entries.map(({ changes }) => changes.method));
  const key = 1 + Math.max(-1, ...setup.entries.map((entry) => entry.key));
  const like = setup.entries.find(({ settings }) =>
    isSettingUsed('trainingEpsilon', settings.draft),
  );
  const trainingEpsilon =
    like?.settings.draft.trainingEpsilon ?? String(defaultConfig.trainingEpsilon);
  return readEntries(setup.shared, [
    ...setup.entries,
    { key, changes: { method, trainingEpsilon } },
  ]);
}

export function removeEntry(setup: Setup, key: number): Setup {
  if (setup.entries.length <= 1) return setup;
  return readEntries(
    setup.shared,
    setup.entries.filter((entry) => entry.key !== key),
  );
}

/** The configs of all runs, or null while any is invalid. */
export function findConfigs({ entries }: Setup): RunConfig[] | null {
  const configs = entries.flatMap(({ settings }) => settings.config ?? []);
  return configs.length === entries.length ? configs : null;
}

/** Why each shared field is invalid, according to the first run that follows the shared value. */
export function findSharedErrors({ entries }: Setup): Settings['errors'] {
  const errors: Partial<Record<keyof RunConfig, string>> = {};
  for (const { changes, settings } of entries) {
    for (const [field, message] of Object.entries(settings.errors)) {
      if (!(field in changes)) errors[field as keyof RunConfig] ??= message;
    }
  }
  return errors;
}

/** The training ε as it was typed, if all runs that use one share it; otherwise null. */
export function findSharedEpsilon({ entries }: Pick<Setup, 'entries'>): string | null {
  const users = entries.filter(({ settings }) => isSettingUsed('trainingEpsilon', settings.draft));
  const typed = new Set(users.map(({ settings }) => settings.draft.trainingEpsilon));
  const [first] = typed;
  return typed.size === 1 ? first! : null;
}

/** Every invalid field with its run, or null if it is shared. In the order of the runs. */
export function findErrors(
  setup: Setup,
): { readonly entry: Entry | null; readonly field: keyof RunConfig; readonly message: string }[] {
  const shared = Object.entries(findSharedErrors(setup)).map(([field, message]) => ({
    entry: null,
    field: field as keyof RunConfig,
    message,
  }));
  const own = setup.entries.flatMap((entry) =>
    Object.entries(entry.settings.errors)
      .filter(([field]) => field in entry.changes)
      .map(([field, message]) => ({ entry, field: field as keyof RunConfig, message })),
  );
  return [...shared, ...own];
}

/** Settings as text, from configs that have been run: shared if all agree with the first. */
export function setupOf(configs: readonly RunConfig[]): Setup {
  const drafts = configs.map(draftOf);
  const shared = drafts[0]!;
  const changes = drafts.map((draft) => {
    const own = Object.entries(draft).filter(
      ([field, value]) =>
        field === 'method' ||
        field === 'trainingEpsilon' ||
        JSON.stringify(value) !== JSON.stringify(shared[field as keyof SettingsDraft]),
    );
    return Object.fromEntries(own) as EntryChanges;
  });
  return makeSetup(shared, changes);
}

/** @param entries with the settings that they had before, as far as these were valid */
function readEntries(
  shared: SettingsDraft,
  entries: readonly (Pick<Entry, 'key' | 'changes'> & Partial<Pick<Entry, 'valid'>>)[],
): Setup {
  const settings = entries.map(({ changes }) => readDraft({ ...shared, ...changes }));
  const valid = entries.map((entry, index) => settings[index]!.config ?? entry.valid ?? null);
  const paletteIndices = assignPaletteIndices(entries.map(({ changes }) => changes.method));
  const names = nameRuns(
    settings.map(({ draft, errors }, index) => nameable(draft, errors, valid[index]!)),
  );
  return {
    shared,
    entries: entries.map(({ key, changes }, index) => ({
      key,
      changes,
      settings: settings[index]!,
      paletteIndex: paletteIndices[index]!,
      name: names[index]!,
      valid: valid[index]!,
    })),
  };
}

/** A draft in which the last valid values, or the defaults, replace what is no value at all. */
function nameable(
  draft: SettingsDraft,
  errors: Settings['errors'],
  valid: RunConfig | null,
): SettingsDraft {
  const last = draftOf(valid ?? defaultConfig);
  const wrong = Object.keys(errors) as (keyof RunConfig)[];
  return { ...draft, ...Object.fromEntries(wrong.map((field) => [field, last[field]])) };
}
