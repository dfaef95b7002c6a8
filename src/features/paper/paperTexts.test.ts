import { describe, expect, it } from 'vitest';
import { appendEvaluation, emptyHistory } from '../../experiment/runs/history.ts';
import { makeAttack } from '../../experiment/runs/measurements.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { Evaluation } from '../../domain/metrics.ts';
import type { Claim } from '../../domain/reproduction.ts';
import { findPublishedError } from '../../domain/published.ts';
import { runStyles } from '../../ui/runStyles.ts';
import { cleanMeasure, formatSpread, type Measure, measureUnder } from './measures.ts';
import type { JudgedRun } from '../../experiment/runs/measuredErrors.ts';
import { describeAbsence, listOwnPoints, type OwnPoint } from './ownPoints.ts';
import { listPaperRows } from './paperRows.ts';
import { makePaperCsv, makePaperMarkdown, makePaperTable } from './paperTable.ts';
import { warnOf } from './remarks.ts';
import { type FinishedRun, readReproduction, reproduction } from './reproduction.ts';
import { describeOwnSettings, describeMoment, describeRunSource } from './sources.ts';
import { clipped, makeRow, paperConfig, pgd40, unclipped } from './testing/testRows.ts';

/** A run with 100 steps per epoch and one evaluation. */
function drawn(evaluation: Partial<Evaluation>, changes: Partial<RunConfig> = {}) {
  const config = { ...paperConfig, epochs: 5, ...changes };
  const at: Evaluation = {
    step: 200,
    epoch: 2,
    split: 'test',
    sampleCount: 10_000,
    clean: { loss: 1, errorRate: 0.031 },
    adversarial: { loss: 1, errorRate: 0.2 },
    attack: makeAttack('fgsm', 0.08),
    ...evaluation,
  };
  const run: JudgedRun = {
    id: 'mine',
    name: 'ABP ε 0.08',
    paletteIndex: 2,
    config,
    progress: {
      step: at.step,
      stepsPerEpoch: 100,
      totalSteps: 100 * config.epochs,
      trainSeconds: 1,
      samplesPerSecond: 1,
      secondsLeft: 0,
    },
    history: appendEvaluation(emptyHistory, at),
    measurements: [at],
  };
  return { id: run.id, name: run.name, runStyle: runStyles[2]!, isReference: false, run };
}

function pointOf(evaluation: Partial<Evaluation>, measure: Measure = cleanMeasure): OwnPoint {
  return listOwnPoints([drawn(evaluation)], measure)[0]!;
}

const plain = makeRow('relu-plain', [0.0151, 0.0155, 0.0143], { method: 'plain' });
const abp = makeRow('relu-adversarial', [0.009, 0.0092], {}, { missingSeeds: [3] });

it('warns about what an error under an attack does not show', () => {
  expect(warnOf(cleanMeasure)).toEqual([]);
  expect(warnOf(measureUnder(clipped)).join(' ')).toContain('One step is a weak attack');
  expect(warnOf(measureUnder(pgd40)).join(' ')).toContain('proves nothing about stronger');
});

describe('listOwnPoints', () => {
  it('knows whether a run is unfinished and what its measurement is based on', () => {
    const point = pointOf({ sampleCount: 1000 });
    expect(point).toMatchObject({ isUnfinished: true, error: { errorRate: 0.031 } });
    expect(describeMoment(point, cleanMeasure)).toBe(
      'after epoch 2 of 5, on the first 1,000 test images',
    );
    expect(pointOf({ step: 500, epoch: 5 }).isUnfinished).toBe(false);
  });

  it('has no number under an attack with another ε or other clipping than the measured one', () => {
    expect(listOwnPoints([drawn({})], measureUnder(clipped))[0]!.error.errorRate).toBe(0.2);
    expect(listOwnPoints([drawn({})], measureUnder(unclipped))).toEqual([]);
    expect(listOwnPoints([drawn({})], measureUnder({ ...clipped, epsilon: 0.1 }))).toEqual([]);
    expect(describeAbsence(1, 0, 0, measureUnder(unclipped)).join(' ')).toContain('clipped to 0–1');
    expect(describeAbsence(1, 0, 0, measureUnder(clipped)).join(' ')).toContain(
      'measured at ε 0.08',
    );
    expect(describeAbsence(1, 1, 0, cleanMeasure)).toEqual([]);
    expect(describeAbsence(0, 0, 0, cleanMeasure)).toEqual([
      'Your own runs appear here as soon as they train.',
    ]);
    expect(describeAbsence(2, 1, 1, cleanMeasure)[0]).toContain(
      '1 of your runs is on data other than MNIST',
    );
  });

  it('says when PGD has fewer steps than the row’s', () => {
    const attack = makeAttack('pgd', 0.08);
    const point = pointOf({ attack }, measureUnder(pgd40));
    expect(describeMoment(point, measureUnder(pgd40))).toMatch(
      /; attacked with PGD-20, not PGD-40$/,
    );
  });

  it('says which settings a run has, beside a row and on its own', () => {
    const [point] = listOwnPoints([drawn({}, { epochs: 50, seed: 7 })], cleanMeasure);
    expect(describeOwnSettings(point!, { config: paperConfig })).toBe(
      'this row’s settings, seed 7',
    );
    expect(describeOwnSettings(point!, { config: null })).toMatch(
      /^2 × 400, .*50 epochs.*, seed 7$/,
    );
  });
});

describe('this project’s results', () => {
  it('are complete: every finished seed has its file and date, and every published figure is the paper’s', () => {
    expect(reproduction.rows.length).toBeGreaterThan(0);
    for (const { entry, seeds, paper, config } of reproduction.rows) {
      for (const seed of seeds) {
        expect(reproduction.runs.get(`${entry}-seed${seed}`), entry).toBeDefined();
      }
      if (paper !== null) expect(paper).toBe(findPublishedError(config!));
    }
  });

  it('are refused with the file and the position when they are not as expected', () => {
    const times = { 'results/a-seed1.json': { trainSeconds: 1, cpuSeconds: 1, finishedAt: 'now' } };
    expect(() =>
      readReproduction({ version: 1, answers: [], claims: [], rows: [{ entry: '' }] }, {}),
    ).toThrow(/^results\/summary\.json is not as expected at “rows\.0\.entry”/);
    expect(() => readReproduction(null, {})).toThrow(
      /^results\/summary\.json is not as expected\. /,
    );
    expect(() =>
      readReproduction({ version: 1, answers: [], claims: [], rows: [] }, times),
    ).toThrow(/^results\/a-seed1\.json, times is not as expected at “finishedAt”/);
  });

  it('give the seeds, files and date of a number, and the command that reproduces it', () => {
    const runs = new Map(
      [
        ['relu-adversarial-seed1', '2026-11-24T23:59:00.000Z'],
        ['relu-adversarial-seed2', '2026-11-25T01:00:00.000Z'],
      ].map(([name, finishedAt]) => [
        name!,
        { file: `results/${name}.json`, finishedAt: finishedAt! },
      ]),
    );
    const row = listPaperRows([abp], [], cleanMeasure).groups[0]!.rows.find(
      ({ id }) => id === abp.entry,
    )!;
    expect(
      describeRunSource(row, { answers: [], claims: [], rows: [abp], runs }, cleanMeasure),
    ).toEqual({
      seeds:
        'Mean ± standard deviation of the seeds 1, 2 (0.90 %, 0.92 %), 10,000 test images after the last epoch. Seed 3 has not been run yet.',
      settings: expect.stringMatching(
        /^2 × 400, sigmoid outputs, RMSprop, learning rate 0.001, × 0.94 an epoch, .*training ε 0.08, training images not clipped/,
      ) as string,
      files: 'results/relu-adversarial-seed1.json, results/relu-adversarial-seed2.json',
      date: '24 Nov 2026 to 25 Nov 2026',
      command: 'npm run reproduce -- --verify relu-adversarial-seed1',
    });
  });
});

describe('exporting the numbers', () => {
  const point = pointOf({});
  const { groups, others } = listPaperRows([plain, abp], [point], cleanMeasure);
  const runs = new Map<string, FinishedRun>(
    abp.seeds.map((seed) => {
      const name = `relu-adversarial-seed${seed}`;
      return [name, { file: `results/${name}.json`, finishedAt: '2026-11-25T01:00:00.000Z' }];
    }),
  );
  const claims: Claim[] = [
    { claim: 'ABP’s error is below', outcome: 'met', found: '0.91 % against 1.50 %, 2 pairs' },
    { claim: 'An error of at most 0.78 %', outcome: 'not run yet', found: '' },
  ];
  const answers = [{ lead: 'ABP lowers the error', text: 'of *networks*.' }];
  const known = { answers, claims, rows: [plain, abp], runs };
  const table = makePaperTable([...groups, others!], known, cleanMeasure);

  it('writes Markdown in which each number has its source', () => {
    const lines = makePaperMarkdown(table, known, cleanMeasure, ['A remark.']).split('\n');
    expect(lines).toContain('A remark.');
    const line = lines.find((one) => one.startsWith('| ReLU 2 × 400, 50 epochs, ABP'))!;
    expect(line).toContain('| 0.78 % (Nøkland 2015, abstract (arXiv 1510.04189)) |');
    expect(line).toContain('0.91 ± 0.01 % (Mean ± standard deviation of the seeds 1, 2');
    expect(line).toContain('results/relu-adversarial-seed1.json');
    const own = lines.find((one) =>
      one.startsWith('| Your runs with other settings, ABP ε 0.08, '),
    );
    expect(own).toContain('3.10 % (ABP ε 0.08, after epoch 2 of 5, on all 10,000 test images');
    const widths = lines
      .filter((text) => text.startsWith('|'))
      .map((one) => one.replaceAll('\\|', '').split('|').length - 2);
    expect(widths).toEqual([3, 3, 3, 3, ...widths.slice(4).map(() => 4)]);
  });

  it('begins the Markdown with answers and claims, and ends the CSV with them', () => {
    const markdown = makePaperMarkdown(table, known, cleanMeasure, []);
    expect(markdown).toMatch(/^- \*\*ABP lowers the error\*\* of \\\*networks\\\*\.\n/);
    expect(markdown).toContain(
      '| ABP’s error is below | met | 0.91 % against 1.50 %, 2 pairs |\n| An error of at most 0.78 % | not run yet |  |',
    );
    expect(markdown.indexOf('| met |')).toBeLessThan(markdown.indexOf('ReLU 2 × 400'));
    const csv = makePaperCsv(table, known, cleanMeasure);
    expect(csv).toMatch(/,source,claim,outcome,found\r\n/);
    expect(csv).toMatch(
      /,ABP’s error is below,met,"0.91 % against 1.50 %, 2 pairs"\r\n,.*,An error of at most 0.78 %,not run yet,\r\n$/,
    );
  });

  it('writes CSV with one line per number, with all digits', () => {
    const [head, ...lines] = makePaperCsv(table, known, cleanMeasure).trimEnd().split('\r\n');
    const read = (line: string): string[] =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell!);
    const width = head!.split(',').length;
    for (const line of lines) expect(read(line).slice(0, width)).toHaveLength(width);
    const of = (from: string) => lines.filter((line) => line.includes(`,${from},`));
    expect(of('paper')).toHaveLength(4);
    expect(of('this project')).toHaveLength(2 + claims.length);
    expect(of('your run')).toHaveLength(1);
    expect(of('your run')[0]).toContain(',0.031,');
  });
});

it('writes spreads with the paper’s precision, and with fewer digits under attack', () => {
  expect(formatSpread({ mean: 0.0078, deviation: null }, cleanMeasure)).toBe('0.78 %');
  expect(formatSpread({ mean: 0.7042, deviation: 0.01998 }, measureUnder(clipped))).toBe(
    '70.4 ± 2.0 %',
  );
});
