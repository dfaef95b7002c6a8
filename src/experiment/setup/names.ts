import type { RunConfig } from '../../domain/settings/config.ts';
import { describeShortly } from '../../domain/settings/describeSettings.ts';
import { methodFacts } from '../../domain/settings/methods.ts';
import { isSettingUsed, rowOf, settingKeys } from '../../domain/settings/settings.ts';

/** Settings as numbers or as text. */
type Named = { readonly [Key in keyof RunConfig]: unknown } & Pick<
  RunConfig,
  'method' | 'networkType'
>;

/** Method and ε are part of every name. */
const distinguishing = settingKeys.filter((key) => rowOf(key).perRun !== 'always');

/** Names for the runs of one experiment: method and ε, and whatever else distinguishes runs with equal names. */
export function nameRuns(runs: readonly Named[]): string[] {
  const names = runs.map(nameRun);
  return runs.map((run, index) => {
    const name = names[index]!;
    const alike = runs.filter((_, other) => names[other] === name);
    if (alike.length === 1) return name;
    const difference = distinguishing.find((key) =>
      alike.some((other) => JSON.stringify(other[key]) !== JSON.stringify(run[key])),
    );
    const suffix =
      difference === undefined
        ? alike.indexOf(run) + 1
        : describeShortly(difference, run[difference]);
    return `${name} · ${suffix}`;
  });
}

/** "ABP ε 0.08", "Dropout". */
export function nameRun(run: Named): string {
  const name = methodFacts[run.method].shortName;
  if (!isSettingUsed('trainingEpsilon', run)) return name;
  return `${name} ${describeShortly('trainingEpsilon', run.trainingEpsilon)}`;
}
