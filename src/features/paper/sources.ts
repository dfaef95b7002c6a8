import { fullEvaluationSize } from '../../domain/metrics.ts';
import { paper } from '../../domain/published.ts';
import { formatCount, formatEpoch } from '../../ui/format.ts';
import { type Measure, nameKind } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import type { PaperRow } from './paperRows.ts';
import { formatRate } from './rates.ts';
import type { Reproduction } from './readReproduction.ts';
import { describeSettings, listDifferences } from './settingTexts.ts';

/** The source of each number, in words. */

export const paperSource = `${paper.author}, abstract (${paper.name})`;

/** The source of this project's number. */
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
  { id, config, reproduced, missingSeeds }: PaperRow<OwnPoint>,
  { runs }: Reproduction,
  measure: Measure,
): RunSource | null {
  if (reproduced === null || config === null) return null;
  const { seeds, values } = reproduced;
  const finished = seeds.flatMap((seed) => runs.get(nameRun(id, seed)) ?? []);
  return {
    seeds: `${describeSeeds(seeds, values, measure)}${describeMissing(missingSeeds)}`,
    settings: describeSettings(config),
    files: describeFiles(
      seeds,
      finished.map(({ file }) => file),
    ),
    date: describeDates(finished.map(({ finishedAt }) => finishedAt)),
    command: `npm run reproduce -- --verify ${nameRun(id, seeds[0]!)}`,
  };
}

function describeSeeds(
  seeds: readonly number[],
  values: readonly number[],
  measure: Measure,
): string {
  const images = `${formatCount(fullEvaluationSize)} test images after the last epoch`;
  const each = values.map((value) => formatRate(value, measure)).join(', ');
  if (seeds.length === 1) return `Seed ${seeds[0]}, ${images}.`;
  const found = each === '' ? '' : ` (${each})`;
  return `Mean ± standard deviation of the seeds ${seeds.join(', ')}${found}, ${images}.`;
}

/** Says which of a row's runs are still missing. */
export function describeMissing(missing: readonly number[]): string {
  if (missing.length === 0) return '';
  return missing.length === 1
    ? ` Seed ${missing[0]} is not run yet.`
    : ` Seeds ${missing.join(', ')} are not run yet.`;
}

function nameRun(entry: string, seed: number): string {
  return `${entry}-seed${seed}`;
}

function describeFiles(seeds: readonly number[], files: readonly string[]): string {
  const [first] = files;
  const last = files.at(-1);
  if (first === undefined || last === undefined) return '';
  const isUnbroken = seeds.every((seed, index) => seed === seeds[0]! + index);
  return isUnbroken && files.length > 2 ? `${first} to ${last}` : files.join(', ');
}

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

function describeDates(dates: readonly string[]): string {
  const sorted = [...dates].sort((a, b) => Date.parse(a) - Date.parse(b));
  const [first] = sorted;
  if (first === undefined) return '';
  const [from, to] = [first, sorted.at(-1)!].map((date) => day.format(Date.parse(date)));
  return from === to ? from! : `${from} to ${to}`;
}

/** "after epoch 2 of 5, on the first 1,000 test images", and how its attack differs from the measure's. */
export function describeMoment({ error, attack, config }: OwnPoint, measure: Measure): string {
  const { sampleCount, split, epoch } = error;
  const images = `${error.isWhole ? 'all' : 'the first'} ${formatCount(sampleCount)} ${split} images`;
  const isOtherAttack =
    attack !== null && measure.kind === 'attacked' && nameKind(attack) !== nameKind(measure.attack);
  const other = isOtherAttack
    ? `; attacked with ${nameKind(attack)}, not ${nameKind(measure.attack)}`
    : '';
  return `after epoch ${formatEpoch(epoch)} of ${config.epochs}, on ${images}${other}`;
}

/** How the user's run differs from its row: "the row’s settings, seed 7", or a list of differences. */
export function describeDifference(
  { config }: OwnPoint,
  row: Pick<PaperRow<unknown>, 'config'>,
): string {
  if (row.config === null) return `seed ${config.seed}; ${describeSettings(config)}`;
  const differences = listDifferences(config, row.config);
  const seed = `seed ${config.seed}`;
  if (differences.length === 0) return `this row’s settings, ${seed}`;
  return `other than this row: ${differences.join(', ')}; ${seed}`;
}

/** Whether a point has its row's settings, regardless of the seed. */
export function hasRowSettings(
  { config }: OwnPoint,
  row: Pick<PaperRow<unknown>, 'config'>,
): boolean {
  return row.config !== null && listDifferences(config, row.config).length === 0;
}
