import type { Result } from 'lighthouse';
import { expect, it } from 'vitest';
import {
  findMissedGoals,
  formatTable,
  listFaults,
  medianFigures,
  readFigures,
} from './lighthouseFigures.ts';

/** As much of a report as is read. */
function makeResult(performance: number, blockingMs: number): Result {
  const perfect = (id: string) => ({ id, score: 1, auditRefs: [] });
  const contrast = { id: 'color-contrast', weight: 7 };
  const category = { id: 'accessibility', score: 0.994, auditRefs: [contrast] };
  const audits = {
    'first-contentful-paint': 540,
    'largest-contentful-paint': 710,
    'speed-index': 540,
    'total-blocking-time': blockingMs,
    'cumulative-layout-shift': 0.0199,
    'total-byte-weight': 3_400_000,
  };
  return {
    categories: {
      performance: { id: 'performance', score: performance, auditRefs: [] },
      accessibility: category,
      'best-practices': perfect('best-practices'),
      seo: perfect('seo'),
    },
    audits: {
      ...Object.fromEntries(
        Object.entries(audits).map(([id, numericValue]) => [id, { id, numericValue, score: 0.5 }]),
      ),
      'color-contrast': { id: 'color-contrast', title: 'Contrast is too low', score: 0 },
    },
  } as unknown as Result;
}

const runs = [makeResult(0.9, 100), makeResult(0.99, 150), makeResult(0.95, 201)].map(readFigures);

it('takes the median of each figure', () => {
  const { performance, blocking, bytes } = medianFigures(runs);
  expect([performance, blocking, bytes]).toEqual([95, 150, 3400]);
});

it('says which goals are missed, for each device its own', () => {
  expect(findMissedGoals('desktop', runs[0]!)).toEqual([
    'Performance on desktop: 90 instead of at least 95',
    'Accessibility on desktop: 99 instead of at least 100',
  ]);
  expect(findMissedGoals('mobile', runs[2]!)).toEqual([
    'Accessibility on mobile: 99 instead of at least 100',
  ]);
  expect(findMissedGoals('desktop', runs[2]!)).toContain(
    'Blocking time (ms) on desktop: 201 instead of under 200',
  );
});

it('lists the audits outside performance that did not pass', () => {
  expect(listFaults(makeResult(1, 0))).toEqual(['color-contrast: Contrast is too low']);
});

it('refuses a report without a figure', () => {
  const result = makeResult(1, 0);
  delete result.audits['speed-index'];
  expect(() => readFigures(result)).toThrow('Speed index');
});

it('writes a row a figure and a column a device', () => {
  const lines = formatTable(new Map([['mobile', runs[0]!]])).split('\n');
  expect(lines[0]!.trim()).toBe('mobile');
  expect(lines[1]).toMatch(/^Performance +90$/);
  expect(lines.at(-1)).toMatch(/^Transferred \(kB\) +3400$/);
});
