import { toCsv } from '../../ui/charts/export/csv.ts';
import { fullEvaluationSize } from '../../domain/metrics.ts';
import { claimRule } from '../../domain/reproduction.ts';
import { formatRate, formatSpread, type Measure, measureUnder } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import type { PaperGroup, PaperRow } from './paperRows.ts';
import type { Reproduction } from './reproduction.ts';
import {
  describeOwnSettings,
  describeMissing,
  describeOwn,
  describeRunSource,
  paperSource,
} from './sources.ts';

export interface PaperCell {
  readonly text: string;
  readonly note: string;
}

/** A row as text; each column may have several numbers or none. */
export interface PaperTableRow {
  readonly row: PaperRow;
  readonly name: string;
  /** If its name does not say it. */
  readonly size: string;
  readonly paper: readonly PaperCell[];
  readonly here: readonly PaperCell[];
  readonly own: readonly (PaperCell & { readonly point: OwnPoint })[];
}

export const paperColumns = ['Network and method', 'Paper', 'This project', 'Your runs'] as const;

export function makePaperTable(
  groups: readonly PaperGroup[],
  reproduction: Reproduction,
  measure: Measure,
): PaperTableRow[] {
  return groups.flatMap(({ title, size, rows }) =>
    rows.map((row) => ({
      row,
      name: `${title}, ${row.name}`,
      size: row.size === size ? '' : row.size,
      paper:
        row.published === null
          ? []
          : [{ text: formatRate(row.published, measure), note: paperSource }],
      here: describeHere(row, reproduction, measure),
      own: row.own.map((point) => ({
        point,
        text: formatRate(point.error.errorRate, measure),
        note: describeOwn(point, row, measure),
      })),
    })),
  );
}

function describeHere(row: PaperRow, reproduction: Reproduction, measure: Measure): PaperCell[] {
  if (row.config === null) return [];
  const source = describeRunSource(row, reproduction, measure);
  if (row.reproduced === null || source === null) {
    return [{ text: 'not run yet', note: describeMissing(row.missingSeeds).trim() }];
  }
  const date = source.date === '' ? '' : `, ${source.date}`;
  const note = `${source.seeds} ${source.settings}. ${source.files}${date}. ${source.command}`;
  return [{ text: formatSpread(row.reproduced.spread, measure), note }];
}

/** The claims and the table as Markdown: each number, followed by its source in brackets. */
export function makePaperMarkdown(
  rows: readonly PaperTableRow[],
  { answers, claims }: Pick<Reproduction, 'answers' | 'claims'>,
  { name }: Measure,
  remarks: readonly string[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  const verdict = [
    line(['Claim', 'Outcome', 'Found']),
    '| --- | --- | --- |',
    ...claims.map(({ claim, outcome, found }) => line([claim, outcome, found])),
  ].join('\n');
  const join = (cells: readonly PaperCell[]): string =>
    cells.map(({ text, note }) => (note === '' ? text : `${text} (${note})`)).join('; ') || '–';
  const body = rows.map((row) => {
    const nameWithSize = row.size === '' ? row.name : `${row.name}, ${row.size}`;
    return line([nameWithSize, join(row.paper), join(row.here), join(row.own)]);
  });
  const table = [line(paperColumns), '| --- | --- | --- | --- |', ...body].join('\n');
  const found = answers.map(({ lead, text }) => `- **${escapeCell(lead)}** ${escapeCell(text)}`);
  const paragraphs = [
    found.join('\n'),
    claimRule,
    verdict,
    `${name}, MNIST:`,
    table,
    remarks.join(' '),
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

function escapeCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

const csvColumns =
  'network,method,size,measure,from,run,error_rate,standard_deviation,seeds,epoch,images,split,source,claim,outcome,found';

/** The table as CSV: one line per number, with all digits and its source; then a line per claim, in the last columns. */
export function makePaperCsv(
  rows: readonly PaperTableRow[],
  reproduction: Reproduction,
  measure: Measure,
): string {
  const body = rows.flatMap(({ row, own }) => {
    const { networkType, method, size, published, reproduced } = row;
    const start = [networkType, method, size];
    const lines: (string | number)[][] = [];
    if (published !== null) {
      const numbers = [published, '', '', '', ''];
      lines.push([...start, measure.name, 'paper', '', ...numbers, 'test', paperSource]);
    }
    const source = describeRunSource(row, reproduction, measure);
    if (reproduced !== null && source !== null) {
      const { spread, seeds } = reproduced;
      const spreads = [spread.mean, spread.deviation ?? '', seeds.join(' ')];
      const numbers = [...spreads, row.config?.epochs ?? '', fullEvaluationSize];
      const from = `${source.files} ${source.date}`.trim();
      lines.push([...start, measure.name, 'this project', row.id, ...numbers, 'test', from]);
    }
    for (const { point } of own) {
      const { name, error, config, attack } = point;
      const measured = attack === null ? measure.name : measureUnder(attack).name;
      const numbers = [error.errorRate, '', config.seed, error.epoch, error.sampleCount];
      const from = describeOwnSettings(point, row);
      lines.push([...start, measured, 'your run', name, ...numbers, error.split, from]);
    }
    return lines;
  });
  const columns = csvColumns.split(',');
  const numberColumns = columns.indexOf('claim');
  const claims = reproduction.claims.map(({ claim, outcome, found }) => [
    ...columns.slice(0, numberColumns).map((name) => (name === 'from' ? 'this project' : '')),
    claim,
    outcome,
    found,
  ]);
  return toCsv([columns, ...body.map((line) => [...line, '', '', '']), ...claims]);
}
