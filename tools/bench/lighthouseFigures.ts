import type { Result } from 'lighthouse';
import { median } from './statistics.ts';

export const deviceNames = ['desktop', 'mobile'] as const;
export type Device = (typeof deviceNames)[number];

interface Figure {
  readonly name: string;
  readonly decimals: number;
  /** Undefined if Lighthouse could not measure it. */
  read(result: Result): number | null | undefined;
  /** Least value for scores, and largest for the others. No goal: only shown. */
  readonly goal?: Partial<Readonly<Record<Device, number>>>;
  readonly isScore?: boolean;
}

function score(name: string, category: string, desktop: number, mobile: number): Figure {
  return {
    name,
    decimals: 0,
    read: ({ categories }) => {
      const value = categories[category]?.score;
      return typeof value === 'number' ? 100 * value : value;
    },
    goal: { desktop, mobile },
    isScore: true,
  };
}

function audit(
  name: string,
  id: string,
  {
    unit = 1,
    decimals = 0,
    goal = {},
  }: { unit?: number; decimals?: number; goal?: Figure['goal'] },
): Figure {
  return {
    name,
    decimals,
    read: ({ audits }) => {
      const value = audits[id]?.numericValue;
      return value === undefined ? undefined : value / unit;
    },
    goal,
  };
}

const figures = {
  performance: score('Performance', 'performance', 95, 85),
  accessibility: score('Accessibility', 'accessibility', 100, 100),
  bestPractices: score('Best practices', 'best-practices', 100, 100),
  seo: score('SEO', 'seo', 100, 100),
  firstPaint: audit('First paint (s)', 'first-contentful-paint', { unit: 1000, decimals: 2 }),
  largestPaint: audit('Largest paint (s)', 'largest-contentful-paint', { unit: 1000, decimals: 2 }),
  speedIndex: audit('Speed index (s)', 'speed-index', { unit: 1000, decimals: 2 }),
  blocking: audit('Blocking time (ms)', 'total-blocking-time', { goal: { desktop: 200 } }),
  shift: audit('Layout shift', 'cumulative-layout-shift', {
    decimals: 3,
    goal: { desktop: 0.02, mobile: 0.02 },
  }),
  bytes: audit('Transferred (kB)', 'total-byte-weight', { unit: 1000 }),
} satisfies Record<string, Figure>;

type FigureName = keyof typeof figures;
export type Figures = Readonly<Record<FigureName, number>>;

const figureNames = Object.keys(figures) as FigureName[];

/** @throws Error if Lighthouse could not measure a figure */
export function readFigures(result: Result): Figures {
  const entries = figureNames.map((key) => {
    const value = figures[key].read(result);
    if (typeof value !== 'number')
      throw new Error(`Lighthouse has not measured: ${figures[key].name}`);
    return [key, value] as const;
  });
  return Object.fromEntries(entries) as Figures;
}

/** The median of each figure for itself. */
export function medianFigures(runs: readonly Figures[]): Figures {
  return Object.fromEntries(
    figureNames.map((key) => [key, median(runs.map((run) => run[key]))]),
  ) as Figures;
}

/** What is not at its goal, in words. */
export function findMissedGoals(device: Device, measured: Figures): string[] {
  return figureNames.flatMap((key) => {
    const { name, decimals, goal, isScore = false }: Figure = figures[key];
    const limit = goal?.[device];
    if (limit === undefined) return [];
    const value = measured[key];
    if (isScore ? Math.round(value) >= limit : value < limit) return [];
    const wanted = isScore ? `at least ${limit}` : `under ${limit}`;
    return [`${name} on ${device}: ${value.toFixed(decimals)} instead of ${wanted}`];
  });
}

/** A row a figure, a column a device. */
export function formatTable(medians: ReadonlyMap<Device, Figures>): string {
  const header = ['', ...medians.keys()];
  const rows = figureNames.map((key) => [
    figures[key].name,
    ...[...medians.values()].map((measured) => measured[key].toFixed(figures[key].decimals)),
  ]);
  return [header, ...rows]
    .map(([name, ...cells]) =>
      [name!.padEnd(20), ...cells.map((cell) => cell.padStart(9))].join(''),
    )
    .join('\n');
}

/** The audits outside performance that did not pass. */
export function listFaults({ categories, audits }: Result): string[] {
  const ids = Object.values(categories)
    .filter(({ id }) => id !== 'performance')
    .flatMap(({ auditRefs }) => auditRefs)
    .filter(({ weight }) => weight > 0)
    .map(({ id }) => id);
  return [...new Set(ids)]
    .map((id) => audits[id]!)
    .filter(({ score: value }) => value !== null && value < 1)
    .map(({ id, title, displayValue }) => `${id}: ${title} ${displayValue ?? ''}`.trim());
}
