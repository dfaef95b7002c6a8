import { fullEvaluationSize } from '../../domain/metrics.ts';
import { paper } from '../../domain/published.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { describeInRecipe } from '../../domain/settings/describeSettings.ts';
import {
  describeEpochs,
  describeLayers,
  isSettingUsed,
  settingKeys,
} from '../../domain/settings/settings.ts';
import { formatCount, formatEpoch } from '../../ui/format.ts';
import { formatRate, type Measure, nameKind } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import type { PaperRow } from './paperRows.ts';
import type { Reproduction } from './reproduction.ts';

/** The source of each number, and the settings behind it, in words. */

export const paperSource = `${paper.author}, abstract (${paper.name})`;

export function describeSize({ hiddenLayers, epochs }: RunConfig): string {
  return `${describeLayers(hiddenLayers)}, ${describeEpochs(epochs)}`;
}

/** All settings that the run uses, except its seed. */
function describeSettings(config: RunConfig): string {
  return settingKeys
    .filter((key) => isSettingUsed(key, config))
    .filter((key) => key !== 'holdOutValidation' || config.holdOutValidation)
    .flatMap((key) => describeInRecipe(key, config[key]) ?? [])
    .join(', ');
}

export interface RunSource {
  /** "Seeds 1, 2, 3: 1.51 %, …": the values behind the mean. */
  readonly seeds: string;
  readonly settings: string;
  /** "results/relu-plain-seed1.json to …-seed3.json". */
  readonly files: string;
  /** "25 Nov 2026", or '' when it is not known. */
  readonly date: string;
  /** The command that reproduces the first run and compares the results. */
  readonly command: string;
}

export function describeRunSource(
  { id, config, reproduced, missingSeeds }: PaperRow,
  { runs }: Reproduction,
  measure: Measure,
): RunSource | null {
  if (reproduced === null || config === null) return null;
  const { seeds, values } = reproduced;
  const finished = seeds.flatMap((seed) => runs.get(`${id}-seed${seed}`) ?? []);
  const files = finished.map(({ file }) => file);
  const isUnbroken = seeds.every((seed, index) => seed === seeds[0]! + index);
  return {
    seeds: `${describeSeeds(seeds, values, measure)}${describeMissing(missingSeeds)}`,
    settings: describeSettings(config),
    files: isUnbroken && files.length > 2 ? `${files[0]} to ${files.at(-1)}` : files.join(', '),
    date: describeDates(finished.map(({ finishedAt }) => Date.parse(finishedAt))),
    command: `npm run reproduce -- --verify ${id}-seed${seeds[0]!}`,
  };
}

function describeSeeds(
  seeds: readonly number[],
  values: readonly number[],
  measure: Measure,
): string {
  const images = `${formatCount(fullEvaluationSize)} test images after the last epoch`;
  if (seeds.length === 1) return `Seed ${seeds[0]}, ${images}.`;
  const each = values.map((value) => formatRate(value, measure)).join(', ');
  const found = each === '' ? '' : ` (${each})`;
  return `Mean ± standard deviation of the seeds ${seeds.join(', ')}${found}, ${images}.`;
}

export function describeMissing(missing: readonly number[]): string {
  if (missing.length === 0) return '';
  return missing.length === 1
    ? ` Seed ${missing[0]} has not been run yet.`
    : ` Seeds ${missing.join(', ')} have not been run yet.`;
}

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

function describeDates(dates: readonly number[]): string {
  if (dates.length === 0) return '';
  const [from, to] = [day.format(Math.min(...dates)), day.format(Math.max(...dates))];
  return from === to ? from : `${from} to ${to}`;
}

/** "after epoch 2 of 5, on the first 1,000 test images", and how its attack differs from the measure's. */
export function describeMoment(
  { error, attack, config }: OwnPoint,
  { attack: wanted }: Measure,
): string {
  const { sampleCount, split, epoch } = error;
  const images = `${error.isWhole ? 'all' : 'the first'} ${formatCount(sampleCount)} ${split} images`;
  const other =
    attack !== null && wanted !== null && nameKind(attack) !== nameKind(wanted)
      ? `; attacked with ${nameKind(attack)}, not ${nameKind(wanted)}`
      : '';
  return `after epoch ${formatEpoch(epoch)} of ${config.epochs}, on ${images}${other}`;
}

/** The settings of the user's run: "this row's settings, seed 7", or all of them. */
export function describeOwnSettings({ config }: OwnPoint, row: Pick<PaperRow, 'config'>): string {
  const settings = row.config === null ? describeSettings(config) : 'this row’s settings';
  return `${settings}, seed ${config.seed}`;
}

/** A run of the user's, with when it was measured and its settings. */
export function describeOwn(
  point: OwnPoint,
  row: Pick<PaperRow, 'config'>,
  measure: Measure,
): string {
  return `${point.name}, ${describeMoment(point, measure)}; ${describeOwnSettings(point, row)}.`;
}

/** Whether a run has a row's settings, regardless of the seed and of what the run does not use. */
export function hasRowSettings(
  { config }: Pick<OwnPoint, 'config'>,
  { config: planned }: Pick<PaperRow, 'config'>,
): boolean {
  if (planned === null) return false;
  return settingKeys
    .filter((key) => key !== 'seed' && isSettingUsed(key, config))
    .every((key) => JSON.stringify(config[key]) === JSON.stringify(planned[key]));
}
