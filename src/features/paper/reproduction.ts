import { LabError } from '../../domain/errors.ts';
import {
  type Answer,
  type Claim,
  runResultSchema,
  type SummaryRow,
  summarySchema,
} from '../../domain/reproduction.ts';
import summary from '../../../results/summary.json';

/** The results of this project's own runs: results/summary.json, and when each run finished. */
export interface Reproduction {
  readonly answers: readonly Answer[];
  /** The most important first. */
  readonly claims: readonly Claim[];
  readonly rows: readonly SummaryRow[];
  /** Keyed by the name of the run: `<entry>-seed<n>`. */
  readonly runs: ReadonlyMap<string, FinishedRun>;
}

export interface FinishedRun {
  /** Path in the repository: "results/relu-plain-seed1.json". */
  readonly file: string;
  readonly finishedAt: string;
}

/**
 * Validates the results that the site was built with.
 *
 * @param times `times` of each result, keyed by a path that ends in results/…
 * @throws LabError 'data-corrupt' that names the file and the first thing in it that is not as expected
 */
export function readReproduction(
  summary: unknown,
  times: Readonly<Record<string, unknown>>,
): Reproduction {
  const { data, error } = summarySchema.safeParse(summary);
  if (data === undefined) refuse('results/summary.json', error.issues[0]!);
  const runs = Object.entries(times).map(([path, value]): [string, FinishedRun] => {
    const file = path.slice(path.lastIndexOf('results/'));
    const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.json$/, '');
    const read = runResultSchema.shape.times.safeParse(value);
    if (!read.success) refuse(`${file}, times`, read.error.issues[0]!);
    return [name, { file, finishedAt: read.data.finishedAt }];
  });
  return { answers: data.answers, claims: data.claims, rows: data.rows, runs: new Map(runs) };
}

function refuse(file: string, issue: { path: PropertyKey[]; message: string }): never {
  const place = issue.path.length > 0 ? ` at “${issue.path.map(String).join('.')}”` : '';
  throw new LabError(
    'data-corrupt',
    `${file} is not as expected${place}. ${issue.message}`,
    'Make it again with “npm run reproduce -- --write-docs”, and build the site again.',
  );
}

/** Only the times of each result, so that the rest of these files is not part of the site. */
const times = import.meta.glob<unknown>(
  [
    '../../../results/**/*-seed*.json',
    '!../../../results/**/robustness/**',
    '!../../../results/quick/**',
    '!../../../results/superseded/**',
  ],
  { eager: true, import: 'times' },
);

export const reproduction = readReproduction(summary, times);
