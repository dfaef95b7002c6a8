import { toCsv } from '../../ui/charts/export/csv.ts';
import { fullEvaluationSize } from '../../domain/metrics.ts';
import { type MeasureChoice, nameMeasure } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import type { PaperGroup, PaperRow } from './paperRows.ts';
import { formatRate, formatSpread } from './rates.ts';
import type { Measurement } from './findings.ts';
import type { Reproduction } from './readReproduction.ts';
import {
  describeDifference,
  describeMissing,
  describeMoment,
  describeRunSource,
  paperSource,
} from './sources.ts';

/** A number and its source. */
export interface PaperCell {
  readonly text: string;
  readonly note: string;
}

/** A row as text; each column may have several numbers or none. */
export interface PaperTableRow {
  readonly row: PaperRow<OwnPoint>;
  /** "ReLU, ABP". */
  readonly name: string;
  readonly paper: readonly PaperCell[];
  readonly here: readonly PaperCell[];
  readonly own: readonly (PaperCell & { readonly point: OwnPoint })[];
}

export const paperColumns = ['Network and method', 'Paper', 'This project', 'Your runs'] as const;

export function makePaperTable(
  groups: readonly PaperGroup<OwnPoint>[],
  reproduction: Reproduction,
  { measure }: MeasureChoice,
): PaperTableRow[] {
  return groups.flatMap(({ title, rows }) =>
    rows.map((row) => ({
      row,
      name: `${title}, ${row.name}`,
      paper:
        row.published === null
          ? []
          : [{ text: formatRate(row.published, measure), note: paperSource }],
      here: describeHere(row, reproduction, measure),
      own: row.own.map((point) => ({
        point,
        text: formatRate(point.error.errorRate, measure),
        note: `${point.name}, ${describeMoment(point, measure)}; ${describeDifference(point, row)}.`,
      })),
    })),
  );
}

function describeHere(
  row: PaperRow<OwnPoint>,
  reproduction: Reproduction,
  measure: MeasureChoice['measure'],
): PaperCell[] {
  const source = describeRunSource(row, reproduction, measure);
  if (row.reproduced === null || source === null) {
    return row.isPlanned
      ? [{ text: 'not run yet', note: describeMissing(row.missingSeeds).trim() }]
      : [];
  }
  const date = source.date === '' ? '' : `, ${source.date}`;
  const note = `${source.seeds} ${source.settings}. ${source.files}${date}. ${source.command}`;
  return [{ text: formatSpread(row.reproduced.spread, measure), note }];
}

/** The table as Markdown: each number, followed by its source in brackets. */
export function makePaperMarkdown(
  rows: readonly PaperTableRow[],
  { name }: MeasureChoice,
  { findings, notes }: Measurement,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  const join = (cells: readonly PaperCell[]): string =>
    cells.map(({ text, note }) => (note === '' ? text : `${text} (${note})`)).join('; ') || '–';
  const body = rows.map((row) =>
    line([nameWithSize(row), join(row.paper), join(row.here), join(row.own)]),
  );
  const table = [line(paperColumns), '| --- | --- | --- | --- |', ...body].join('\n');
  const paragraphs = [`${name}, MNIST:`, table, findings.join(' '), notes.join(' ')];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

function nameWithSize({ name, row: { size } }: PaperTableRow): string {
  return size === '' ? name : `${name}, ${size}`;
}

function escapeCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

/** The table as CSV: one line per number, with all digits and its source. */
export function makePaperCsv(
  rows: readonly PaperTableRow[],
  reproduction: Reproduction,
  { name, measure }: MeasureChoice,
): string {
  const head = [
    'network',
    'method',
    'size',
    'measure',
    'from',
    'run',
    'error_rate',
    'standard_deviation',
    'seeds',
    'epoch',
    'images',
    'split',
    'source',
  ];
  const body = rows.flatMap(({ row, own }) => {
    const start = [row.networkType, row.method, row.size, name];
    const lines: (string | number)[][] = [];
    if (row.published !== null) {
      lines.push([...start, 'paper', '', row.published, '', '', '', '', 'test', paperSource]);
    }
    const source = describeRunSource(row, reproduction, measure);
    if (row.reproduced !== null && source !== null) {
      const { spread, seeds } = row.reproduced;
      lines.push([
        ...start,
        'this project',
        row.id,
        spread.mean,
        spread.deviation ?? '',
        seeds.join(' '),
        row.config?.epochs ?? '',
        fullEvaluationSize,
        'test',
        `${source.files} ${source.date}`.trim(),
      ]);
    }
    for (const { point } of own) {
      const { error, config } = point;
      lines.push([
        ...start.slice(0, 3),
        point.attack === null ? name : nameMeasure(point.attack),
        'your run',
        point.name,
        error.errorRate,
        '',
        config.seed,
        error.epoch,
        error.sampleCount,
        error.split,
        describeDifference(point, row),
      ]);
    }
    return lines;
  });
  return toCsv([head, ...body]);
}
