import { defaultConfig, findConfigErrors, type RunConfig } from '../../domain/settings/config.ts';
import { showLayers } from '../../domain/settings/layersText.ts';
import {
  isSettingUsed,
  mapSettings,
  type NumberKey,
  type SettingKey,
  settingKeys,
  settings,
} from '../../domain/settings/settings.ts';

/** The settings that the user types. */
export type TextSetting = NumberKey | 'hiddenLayers';

/** The settings as the user left them: typed text stays text until it is read, valid or not. */
export type SettingsDraft = {
  readonly [Key in keyof RunConfig]: Key extends TextSetting ? string : RunConfig[Key];
};

export type SettingsErrors = Readonly<Partial<Record<keyof RunConfig, string>>>;

export interface Settings {
  readonly draft: SettingsDraft;
  /** Why a field is invalid; empty if the settings can be trained with. */
  readonly errors: SettingsErrors;
  /** The settings as numbers, or null while any field is invalid. */
  readonly config: RunConfig | null;
}

export function isTextSetting(key: SettingKey): key is TextSetting {
  return 'explain' in settings[key];
}

/** A setting's value parsed from its draft, for the schema to validate. */
export function readDraftValue(key: SettingKey, drafted: unknown): unknown {
  return isTextSetting(key) ? settings[key].read(String(drafted)) : drafted;
}

/** The draft of a setting's value. */
export function draftOfValue(key: SettingKey, value: unknown): unknown {
  if (key === 'hiddenLayers') return showLayers(value as RunConfig['hiddenLayers']);
  return isTextSetting(key) ? String(value) : value;
}

export function draftOf(config: RunConfig): SettingsDraft {
  return mapSettings((key) => draftOfValue(key, config[key])) as SettingsDraft;
}

/** Reads a draft. An invalid field that the selected method does not use gets its default instead. */
export function readDraft(draft: SettingsDraft): Settings {
  let config = mapSettings((key) => readDraftValue(key, draft[key])) as RunConfig;
  let errors = findConfigErrors(config);
  const wrong = Object.keys(errors) as SettingKey[];
  for (const field of wrong) {
    if (!isSettingUsed(field, config)) config = { ...config, [field]: defaultConfig[field] };
  }
  if (wrong.length > 0) errors = findConfigErrors(config);
  for (const [key, message] of Object.entries(errors) as [SettingKey, string][]) {
    if (!isTextSetting(key)) continue;
    errors[key] = [message, settings[key].explain(draft[key])].filter(Boolean).join(' ');
  }
  if (draft.hiddenLayers.trim() === '') {
    errors.hiddenLayers =
      'Write the units of each layer, for example 400, 400, or “none” for a linear classifier.';
  }
  return { draft, errors, config: Object.keys(errors).length === 0 ? config : null };
}

/** Whether two configs train the same run: differences in unused fields do not count. */
export function trainAlike(a: RunConfig, b: RunConfig): boolean {
  return a === b || JSON.stringify(withoutUnused(a)) === JSON.stringify(withoutUnused(b));
}

function withoutUnused(config: RunConfig): unknown[] {
  return settingKeys.map((key) => (isSettingUsed(key, config) ? config[key] : null));
}
