import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import { pgdSteps } from '../../../experiment/runs/measurements.ts';
import {
  isSettingUsed,
  rowOf,
  type SettingKey,
  settingKeys,
} from '../../../domain/settings/settings.ts';
import { toCsv } from '../../../ui/charts/export/csv.ts';
import {
  formatCount,
  formatDuration,
  formatEpoch,
  formatEpsilon,
  formatErrorRate,
  formatInterval,
} from '../../../ui/format.ts';
import { describeDifferences, paperNote } from './paper.ts';
import { averageSeeds, type ErrorKind, findFailedSeeds } from './difference.ts';
import type { ResultRow } from './resultRows.ts';

/** A cell of the table; the note says how its number was measured if this differs from the caption. */
export interface ResultCell {
  readonly text: string;
  readonly note: string;
}

export interface ResultTable {
  /** Headings; the first one belongs to the rows' names. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: ResultRow; readonly cells: readonly ResultCell[] }[];
  /** How the numbers were measured, unless a cell says otherwise; empty without numbers. */
  readonly caption: string;
  readonly notes: readonly string[];
}

const errorKinds = ['clean', 'fgsm', 'pgd'] as const;
const none: ResultCell = { text: '–', note: '' };

/** The results as text. */
export function makeResultTable(rows: readonly ResultRow[], attackEpsilon: number): ResultTable {
  const all = rows
    .flatMap(({ clean, fgsm, pgd }) => [clean, fgsm, pgd])
    .filter((one) => one !== null);
  const common = findCommon(all);
  const epsilon = formatEpsilon(attackEpsilon);
  const isAveraged = rows.some((row) => averageSeeds(row, 'clean') !== null);
  return {
    columns: [
      'Run',
      'Clean error',
      `FGSM, ε ${epsilon}`,
      `PGD-${pgdSteps}, ε ${epsilon}`,
      'Epochs',
      'Training time',
      'Cost of a step',
      'Paper, clean',
    ],
    rows: rows.map((row) => ({
      row,
      cells: [
        ...errorKinds.map((kind) => showError(row, kind, common, isAveraged)),
        { text: `${formatEpoch(row.epochsDone)} of ${row.config.epochs}`, note: '' },
        row.trainSeconds === null ? none : { text: formatDuration(row.trainSeconds), note: '' },
        showCost(row),
        row.paperError === null ? none : { text: formatErrorRate(row.paperError), note: '' },
      ],
    })),
    caption: common === null ? '' : `${describeErrors(rows)} on ${describeImages(common)}.`,
    notes: [
      'Every attack follows the network’s own gradient and is clipped to 0–1. A low error under these two proves nothing about stronger ones.',
      'Cost of a step relative to plain back-propagation: as measured in the same experiment, whose runs share this machine’s processors, and below it as counted in multiply-adds.',
      'p is from McNemar’s exact test: if both networks were equally good, the probability that the images which only one of them misclassifies would divide at least this unevenly. With p < 0.05 the two networks are called different.',
      'Over several seeds, ± is half of the 95 % confidence interval of the mean, by Student’s t (1908) with n − 1 degrees of freedom for n seeds. Methods are compared seed by seed: they are called different if the interval of these differences does not contain 0, and if no seed has failed.',
      ...describePaper(rows),
    ],
  };
}

function describePaper(rows: readonly ResultRow[]): string[] {
  const differences = describeDifferences(rows.filter(({ isReference }) => !isReference));
  return differences === '' ? [] : [`${paperNote} ${differences}`];
}

/** The newest measurement on all images, whose moment most cells share. */
function findCommon(all: readonly MeasuredError[]): MeasuredError | null {
  const [newest] = [...all].sort(
    (a, b) => Number(b.isWhole) - Number(a.isWhole) || b.epoch - a.epoch,
  );
  return newest ?? null;
}

function describeImages({ sampleCount, split, isWhole, epoch }: MeasuredError): string {
  const count = `${isWhole ? 'all' : 'the first'} ${formatCount(sampleCount)}`;
  return `${count} ${split} images after epoch ${formatEpoch(epoch)}`;
}

/** "Errors", or "Means of 5 seeds ± 95 % interval, in %,". */
function describeErrors(rows: readonly ResultRow[]): string {
  const counts = rows.flatMap((row) => averageSeeds(row, 'clean')?.count ?? []);
  const [first] = counts;
  if (first === undefined) return 'Errors';
  const isCommon = counts.length === rows.length && counts.every((count) => count === first);
  return `Means of ${isCommon ? `${first} seeds` : 'seeds'} ± 95 % interval, in %,`;
}

/** @param isAveraged whether other cells have means over seeds */
function showError(
  row: ResultRow,
  kind: ErrorKind,
  common: MeasuredError | null,
  isAveraged: boolean,
): ResultCell {
  const measured = row[kind];
  if (measured === null || common === null) return none;
  const average = averageSeeds(row, kind);
  const { errorRate, sampleCount, split, epoch } = measured;
  const notes = [
    ...(sampleCount === common.sampleCount ? [] : [`${formatCount(sampleCount)} images`]),
    ...(split === common.split ? [] : [split]),
    ...(epoch === common.epoch ? [] : [`epoch ${formatEpoch(epoch)}`]),
  ];
  const failed = findFailedSeeds(row);
  if (average === null) {
    if (failed !== null) notes.push(`first seed; ${failed.count} of ${failed.of} ${failed.word}`);
    else if (isAveraged) notes.push('one seed');
    return { text: formatErrorRate(errorRate), note: notes.join(', ') };
  }
  if (failed !== null) {
    notes.push(`${average.count} of ${failed.of} seeds; ${failed.count} ${failed.word}`);
  }
  return { text: formatInterval(average).replace(' %', ''), note: notes.join(', ') };
}

function showCost({ config, measuredCost, arithmeticCost }: ResultRow): ResultCell {
  if (config.method === 'plain') return { text: '1 ×', note: '' };
  const counted = `${arithmeticCost.toFixed(2)} ×`;
  if (measuredCost === null) return { text: counted, note: 'counted' };
  return { text: `${measuredCost.toFixed(2)} ×`, note: `${counted} counted` };
}

/** The table as Markdown, with its caption, verdict and notes. */
export function makeMarkdown(table: ResultTable, verdict: readonly string[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  const body = table.rows.map(({ row, cells }) =>
    line([row.name, ...cells.map(({ text, note }) => (note ? `${text} (${note})` : text))]),
  );
  const rule = `| --- |${' ---: |'.repeat(table.columns.length - 1)}`;
  const paragraphs = [
    [line(table.columns), rule, ...body].join('\n'),
    table.caption,
    verdict.join(' '),
    ...table.notes,
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

function escapeCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

/** The numbers as CSV, with all digits: a line for each run and seed. */
export function makeResultCsv(rows: readonly ResultRow[], attackEpsilon: number): string {
  const head = [
    'run',
    'method',
    'training_epsilon',
    'seed',
    'attack_epsilon',
    'attacks_clipped',
    ...errorKinds.flatMap((kind) => [`${kind}_error_rate`, `${kind}_images`, `${kind}_epoch`]),
    'pgd_steps',
    'split',
    'epochs',
    'steps',
    'train_seconds',
    'step_cost_measured',
    'step_cost_counted',
    'paper_clean_error_rate',
    'seed_failure',
    ...settingKeys.map(nameColumn),
  ];
  const seeds = rows.flatMap(({ repeats, ...row }) => [
    { ...row, failure: undefined },
    ...repeats.map((repeat) => ({ failure: undefined, ...repeat, name: row.name })),
  ]);
  const body = seeds.map((row) => [
    row.name,
    row.config.method,
    row.config.trainingEpsilon,
    row.config.seed,
    attackEpsilon,
    'true',
    ...errorKinds.flatMap((kind): (string | number)[] => {
      const one = row[kind];
      return one === null ? ['', '', ''] : [one.errorRate, one.sampleCount, one.epoch];
    }),
    pgdSteps,
    row.clean?.split ?? '',
    row.epochsDone,
    row.step,
    row.trainSeconds ?? '',
    row.measuredCost ?? '',
    row.arithmeticCost,
    row.paperError ?? '',
    row.failure ?? '',
    ...settingKeys.map((key) =>
      isSettingUsed(key, row.config) ? rowOf(key).write(row.config[key]) : '',
    ),
  ]);
  return toCsv([head, ...body]);
}

/** "config_learning_rate": the prefix avoids clashes with other columns. */
function nameColumn(key: SettingKey): string {
  return `config_${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}
