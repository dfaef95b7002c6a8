import { rowOf, type SettingKey, settingKeys, settings } from '../../domain/settings/settings.ts';
import { describeText } from './linkProblems.ts';
import { draftOfValue, isTextSetting, readDraftValue } from '../setup/settingsDraft.ts';

const linked = settingKeys.flatMap((key) => {
  const { link } = rowOf(key);
  return link === null ? [] : [{ key, name: link }];
});
const always = linked.filter(({ key }) => rowOf(key).perRun === 'always');

/** Settings that a link contains for all runs, in the link's order. */
export const sharedLinkSettings = linked.filter((setting) => !always.includes(setting));

/** Settings that a link may contain for one run, within `runs`; those that every run has come first. */
export const runLinkSettings = [
  ...always,
  ...sharedLinkSettings.filter(({ key }) => rowOf(key).perRun !== 'never'),
];

/** A valid drafted value in the link's spelling. */
export function writeSetting(key: SettingKey, drafted: unknown): string {
  return rowOf(key).write(readDraftValue(key, drafted));
}

/** The draft of a link's text, or the reason why it is invalid. */
export function readSetting(
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
export function isAccepted(key: SettingKey, drafted: unknown): boolean {
  return findProblem(key, readDraftValue(key, drafted)) === null;
}

function findProblem(key: SettingKey, value: unknown): string | null {
  return rowOf(key).schema.safeParse(value).error?.issues[0]?.message ?? null;
}
