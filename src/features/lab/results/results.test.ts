import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { describeDifferences, findPaperError, listDifferences } from './paper.ts';
import { makePytorchLines } from './pytorch.ts';
import type { JudgedRun } from '../../../experiment/runs/measuredErrors.ts';
import { isMeasured, listResultRows } from './resultRows.ts';
import { makeMarkdown, makeResultCsv, makeResultTable } from './resultsTable.ts';
import { makeRun, read } from './testRuns.ts';
import { describeVerdict } from './verdict.ts';

const plain = makeRun('Plain', { clean: 0.028, fgsm: 0.61, pgd: 0.68 }, {}, 2);
const abp = makeRun('ABP', { clean: 0.024, fgsm: 0.14, pgd: 0.15 }, { method: 'adversarial' }, 3.5);

function rowsOf(...runs: JudgedRun[]) {
  return listResultRows(runs, [], 0.08);
}

describe('listResultRows', () => {
  it('uses the errors of the last epoch, never of the best one', () => {
    const better = read('fgsm', 0.1, { step: 200, epoch: 2, clean: { loss: 1, errorRate: 0.001 } });
    const quick = read('fgsm', 0.1, { step: 350, epoch: 3.5, sampleCount: 1000 });
    const run = {
      ...plain,
      history: { losses: [], evaluations: [better, ...plain.history.evaluations, quick] },
    };
    expect(rowsOf(run)[0]!.clean).toMatchObject({
      errorRate: 0.028,
      epoch: 3,
      sampleCount: 10_000,
    });
    const early = { ...plain, measurements: [], history: { losses: [], evaluations: [quick] } };
    expect(rowsOf(early)[0]!.clean).toMatchObject({ epoch: 3.5, sampleCount: 1000 });
    expect(
      rowsOf({ ...plain, measurements: [], history: { losses: [], evaluations: [] } })[0]!.clean,
    ).toBe(null);
  });

  it('uses only errors under attack at the page’s ε', () => {
    expect(rowsOf(plain)[0]).toMatchObject({ fgsm: { errorRate: 0.61 }, pgd: { errorRate: 0.68 } });
    expect(listResultRows([plain], [], 0.1)[0]).toMatchObject({ fgsm: null, pgd: null });
  });

  it('compares times with the plain run of the same experiment and network', () => {
    const [first, second] = rowsOf(plain, abp);
    expect([first!.measuredCost, first!.arithmeticCost]).toEqual([1, 1]);
    expect(second!.measuredCost).toBeCloseTo(1.75);
    // 78,400 + 1,000 weights: forward, backward to the pixels and weight gradients, forward again …
    expect(second!.arithmeticCost).toBeCloseTo((5 * 79_400 - 78_400) / (3 * 79_400 - 78_400));
    expect(rowsOf(abp)[0]!.measuredCost).toBeNull();
    const wide = makeRun('Wide', null, { hiddenLayers: [200], method: 'adversarial' });
    expect(rowsOf(plain, wide)[1]!.measuredCost).toBeNull();
    const young = { ...abp, progress: { ...abp.progress!, step: 99 } };
    expect(rowsOf(plain, young)[1]!.measuredCost).toBeNull();
  });

  it('lists saved experiments after the current one, each with its own plain run', () => {
    const references = [{ startedAt: 0, runs: [{ ...abp, id: 'old' }] }];
    const rows = listResultRows([plain], references, 0.08);
    expect(rows.map(({ isReference }) => isReference)).toEqual([false, true]);
    expect(rows[1]!.measuredCost).toBeNull();
  });

  it('knows whether the current network was measured on all images', () => {
    expect(isMeasured(rowsOf(plain)[0]!)).toBe(true);
    const moved = { ...plain, progress: { ...plain.progress!, step: 301 } };
    expect(isMeasured(rowsOf(moved)[0]!)).toBe(false);
    const few = {
      ...plain,
      measurements: [read('fgsm', 0.6), read('margin-pgd', 0.6, { sampleCount: 200 })],
    };
    expect(isMeasured(rowsOf(few)[0]!)).toBe(false);
  });
});

describe('describeVerdict', () => {
  const say = (...runs: JudgedRun[]): string => describeVerdict(rowsOf(...runs), 0.08).join(' ');

  it('says what the numbers show, and what McNemar’s test of them says', () => {
    expect(say(plain, abp)).toBe(
      'Under PGD at ε 0.08, ABP misclassifies 15 % of all 10,000 test images, where Plain misclassifies 68 %. On clean images ABP misclassifies 2.40 %, Plain 2.80 %: no clear difference. Of the same 10,000 images under attack, Plain alone misclassifies 5,788 and ABP alone 488 (p < 0.001); clean, 276 and 236 (p = 0.085). This is a statement about these two networks. Judged by FGSM alone, Plain would look better than it is: FGSM fools it on 61 %, PGD on 68 %.',
    );
  });

  it('calls clean errors different when the test does', () => {
    const far = makeRun('Far', { clean: 0.09, fgsm: 0.1, pgd: 0.11 }, { method: 'adversarial' });
    expect(say(plain, far)).toMatch(
      /Far misclassifies 9\.00 %, Plain 2\.80 %\. Of .*; clean, 255 and 875 \(p < 0\.001\)\./,
    );
  });

  it('claims nothing about differences that chance explains', () => {
    const alike = makeRun('Dropout', { fgsm: 0.6, pgd: 0.672 }, { method: 'dropout' });
    expect(say(plain, alike)).toContain(
      'there is no clear difference between Dropout (67 %) and Plain (68 %) on 10,000 images.',
    );
    expect(say(plain, alike)).not.toContain('where');
  });

  it('needs every image’s result, on the same images', () => {
    const [{ mistakes: _mistakes, ...counted }] = [read('margin-pgd', 0.15)];
    const old = { ...abp, measurements: [read('fgsm', 0.14), counted] };
    expect(say(plain, old)).not.toContain('ABP');
    const at = { split: 'validation' } as const;
    const held = { ...abp, measurements: [read('fgsm', 0.14, at), read('margin-pgd', 0.15, at)] };
    expect(say(plain, held)).toContain('These networks were not measured on the same images.');
  });

  it('claims nothing about few images, other moments or saved experiments', () => {
    const few = {
      ...abp,
      measurements: [read('fgsm', 0.1), read('margin-pgd', 0.1, { sampleCount: 200 })],
    };
    expect(say(plain, few)).toBe(
      'Under PGD at ε 0.08, Plain misclassifies 68 % of all 10,000 test images.',
    );
    const older = { ...abp, progress: { ...abp.progress!, step: 400 } };
    expect(say(plain, older)).not.toContain('ABP');
    expect(
      describeVerdict(listResultRows([plain], [{ startedAt: 0, runs: [abp] }], 0.08), 0.08),
    ).toEqual(['Under PGD at ε 0.08, Plain misclassifies 68 % of all 10,000 test images.']);
    expect(describeVerdict(listResultRows([plain, abp], [], 0.1), 0.1)).toEqual([]);
    expect(say()).toBe('');
  });

  it('names the control that does not have the same effect, and plain when it has the lowest error', () => {
    const noise = makeRun('Random signs', { fgsm: 0.6, pgd: 0.66 }, { method: 'noise' });
    expect(say(plain, noise, abp)).toContain(
      'Moving pixels at random in training does not help as much: Random signs misclassifies 66 %.',
    );
    const robust = makeRun('Robust noise', { fgsm: 0.15, pgd: 0.2 }, { method: 'noise' });
    expect(say(plain, robust, abp)).not.toContain('at random');
    const worse = makeRun('Worse', { fgsm: 0.8, pgd: 0.9 }, { method: 'dropout' });
    expect(say(plain, worse)).toContain(
      'Plain misclassifies 68 % of all 10,000 test images, where Worse',
    );
  });

  it('names the moments when they differ', () => {
    const long = makeRun('Long', null, { epochs: 6, method: 'adversarial' });
    const at = { step: 600, epoch: 6 };
    const run: JudgedRun = {
      ...long,
      progress: { ...long.progress!, step: 600 },
      measurements: [read('fgsm', 0.1, at), read('margin-pgd', 0.1, at)],
    };
    expect(say(plain, run)).toContain('Long (after epoch 6) misclassifies 10 %');
    expect(say(plain, run)).toContain('Plain (after epoch 3) misclassifies 68 %');
  });
});

describe('results of several seeds', () => {
  const repeats = [0.66, 0.7].map((pgd, place) => [
    makeRun('Plain', { clean: 0.03, fgsm: 0.6, pgd }, { seed: place + 2 }),
    makeRun('ABP', { clean: 0.026, fgsm: 0.14, pgd: 0.16 }, { seed: place + 2 }),
  ]);
  const rows = listResultRows([plain, abp], [], 0.08, false, repeats);

  it('are means with their interval in the table, and a line for each seed in the CSV', () => {
    const table = makeResultTable(rows, 0.08);
    // 68, 66 and 70 %: mean 68, s 2, t 4.30265 for 2 degrees of freedom.
    expect(table.rows[0]!.cells[2]!.text).toBe('68.00 ± 4.97');
    expect(table.caption).toMatch(
      /^Means of 3 seeds ± 95 % interval, in %, on all 10,000 test images/,
    );
    const lines = makeResultCsv(rows, 0.08).trimEnd().split('\r\n').slice(1);
    const columns = lines.map((line) => line.split(','));
    expect(columns.map((cells) => [cells[0], cells[3]].join())).toEqual([
      'Plain,1',
      'Plain,2',
      'Plain,3',
      'ABP,1',
      'ABP,2',
      'ABP,3',
    ]);
    const lengths = new Set(columns.map(({ length }) => length));
    expect(lengths.size).toBe(1);
  });

  it('are called different by their paired differences', () => {
    // PGD: 53, 50 and 54 points; clean: 0.4 each.
    expect(describeVerdict(rows, 0.08)[2]).toBe(
      'Over 3 seeds, the error of ABP is 52.33 points below that of Plain under attack (95 % interval 47.16 to 57.50), and 0.40 points below it on clean images (0.40 to 0.40).',
    );
    // 53, −22 and 53 points: mean 28, s / √3 = 25.
    const worse = listResultRows([abp, plain], [], 0.08, false, [
      [{ ...abp, measurements: [read('fgsm', 0.2), read('margin-pgd', 0.9)] }, plain],
      [abp, plain],
    ]);
    expect(describeVerdict(worse, 0.08).join(' ')).toMatch(
      /the error of ABP is 28\.00 points below that of Plain under attack \(95 % interval −79\.57 to 135\.57: no clear difference\)/,
    );
  });

  it('say which of them diverged, in the table, the findings and the CSV', () => {
    const diverged = rows.map((row, index) => ({
      ...row,
      repeats: [0, 1, 0, 1].map((place) => ({
        ...row.repeats[place]!,
        ...(index === 1 && place === 1 && { failure: 'diverged' as const }),
      })),
    }));
    const cells = makeResultTable(diverged, 0.08).rows.map((row) => row.cells[2]!.note);
    expect(cells).toEqual(['', '3 of 5 seeds; 2 diverged']);
    const findings = describeVerdict(diverged, 0.08).join(' ');
    expect(findings).toContain('2 of 5 seeds of ABP diverged.');
    expect(findings).toContain('Under PGD at ε 0.08, no difference is called between ABP');
    expect(findings).not.toContain('no clear difference');
    const csv = makeResultCsv(diverged, 0.08).split('\r\n');
    const column = csv[0]!.split(',').indexOf('seed_failure');
    expect(csv.filter((line) => line.split(',')[column] === 'diverged')).toHaveLength(2);
  });

  it('name a cell that has one seed only', () => {
    const alone = {
      ...plain,
      measurements: [...plain.measurements, read('fgsm', 0.7, { epsilon: 0.2 })],
    };
    const [row] = makeResultTable(listResultRows([alone, abp], [], 0.2, false, repeats), 0.2).rows;
    expect(row!.cells[1]).toEqual({ text: '70.00 %', note: 'one seed' });
  });
});

describe('the paper’s numbers', () => {
  it('are shown only for runs that the paper reports', () => {
    const error = (changes: object) => findPaperError({ ...defaultConfig, ...changes });
    expect(error({ networkType: 'relu', method: 'plain' })).toBe(0.014);
    expect(error({ networkType: 'relu', method: 'adversarial' })).toBe(0.0078);
    expect(error({ networkType: 'logistic', method: 'plain' })).toBe(0.016);
    expect(error({ networkType: 'logistic', method: 'adversarial' })).toBe(0.0095);
    expect(error({ networkType: 'tanh', method: 'adversarial' })).toBeNull();
    expect(error({ networkType: 'relu', method: 'dropout' })).toBeNull();
  });

  it('come with a list of the different settings', () => {
    const recipe = { ...defaultConfig, hiddenLayers: [400, 400], epochs: 50 };
    expect(listDifferences(recipe)).toEqual([]);
    expect(
      listDifferences({
        ...defaultConfig,
        hiddenLayers: [100],
        epochs: 3,
        trainingSetSize: 40_000,
        loss: 'ce',
        optimizer: 'adam',
        trainingEpsilon: 0.25,
        clipTrainingImages: true,
      }),
    ).toEqual([
      'one hidden layer of 100 units',
      '40,000 training images',
      '3 epochs',
      'softmax outputs',
      'the optimizer adam',
      'training ε 0.25',
      'training images clipped to 0–1',
    ]);
    const clipped = { ...recipe, method: 'plain', clipTrainingImages: true } as const;
    expect(listDifferences(clipped)).toEqual([]);
    expect(describeDifferences([plain, abp])).toBe(
      'This experiment differs: one hidden layer of 100 units, 3 epochs.',
    );
    expect(describeDifferences([{ name: 'A', config: recipe }])).toBe(
      'This experiment has these settings, too.',
    );
    expect(describeDifferences([plain, { name: 'A', config: recipe }])).toBe(
      'This experiment differs. Plain: one hidden layer of 100 units, 3 epochs; A: nothing.',
    );
    expect(describeDifferences([makeRun('Tanh', null, { networkType: 'tanh' })])).toBe('');
  });
});

describe('makeResultTable', () => {
  it('says how all numbers were measured, and marks cells that were measured differently', () => {
    const few = {
      ...abp,
      measurements: [read('fgsm', 0.1, { step: 100, epoch: 1, sampleCount: 200 })],
    };
    const { caption, rows } = makeResultTable(rowsOf(plain, few), 0.08);
    expect(caption).toBe('Errors on all 10,000 test images after epoch 3.');
    expect(rows[0]!.cells.map(({ text }) => text)).toEqual([
      '2.80 %',
      '61.00 %',
      '68.00 %',
      '3 of 3',
      '0:02',
      '1 ×',
      '1.40 %',
    ]);
    expect(rows[1]!.cells.map(({ text, note }) => (note ? `${text} / ${note}` : text))).toEqual([
      '2.40 %',
      '10.00 % / 200 images, epoch 1',
      '–',
      '3 of 3',
      '0:04',
      '1.75 × / 1.99 × counted',
      '0.78 %',
    ]);
  });

  it('shows dashes and no caption before anything is measured', () => {
    const run = { ...makeRun('Plain', null, { networkType: 'tanh' }), progress: null };
    const { caption, rows } = makeResultTable(rowsOf(run), 0.08);
    expect(caption).toBe('');
    expect(rows[0]!.cells.map(({ text }) => text)).toEqual([
      '–',
      '–',
      '–',
      '0 of 3',
      '–',
      '1 ×',
      '–',
    ]);
  });
});

describe('exporting results', () => {
  it('writes Markdown in which a name cannot break the table', () => {
    const rows = rowsOf({ ...plain, name: 'a|b\n[x](y)' });
    const markdown = makeMarkdown(makeResultTable(rows, 0.08), ['It errs.']);
    const lines = markdown.split('\n');
    expect(lines[0]).toBe(
      '| Run | Clean error | FGSM, ε 0.08 | PGD-20, ε 0.08 | Epochs | Training time | Cost of a step | Paper, clean |',
    );
    expect(lines[1]!.split('|')).toHaveLength(10);
    expect(lines[2]).toBe(
      '| a\\|b \\[x\\](y) | 2.80 % | 61.00 % | 68.00 % | 3 of 3 | 0:02 | 1 × | 1.40 % |',
    );
    expect(markdown).toContain(
      '\n\nErrors on all 10,000 test images after epoch 3.\n\nIt errs.\n\n',
    );
    expect(markdown).toContain('clipped to 0–1');
  });

  it('writes CSV with all digits', () => {
    const [head, body] = makeResultCsv(rowsOf(plain), 0.08)
      .split('\r\n')
      .map((line) => line.split(','));
    const values = Object.fromEntries(head!.map((name, i) => [name, body![i]]));
    expect(values).toMatchObject({
      run: 'Plain',
      clean_error_rate: '0.028',
      fgsm_error_rate: '0.61',
      pgd_images: '10000',
      attack_epsilon: '0.08',
      attacks_clipped: 'true',
      pgd_steps: '20',
      epochs: '3',
      train_seconds: '2',
      step_cost_measured: '1',
      paper_clean_error_rate: '0.014',
      // Only the settings that the run uses.
      config_learning_rate: '0.001',
      config_hidden_layers: '100',
      config_pgd_steps: '',
    });
    expect(body).toHaveLength(head!.length);
  });
});

describe('makePytorchLines', () => {
  it.each([
    [{ hiddenLayers: [100] }, 'b(a(x).relu())', 'a, b = net["layers"]', 'sigmoid()'],
    [
      { hiddenLayers: [400, 300], networkType: 'tanh', loss: 'ce' },
      'c(b(a(x).tanh()).tanh())',
      'a, b, c = net["layers"]',
      'softmax(-1)',
    ],
    [
      { hiddenLayers: [240], networkType: 'maxout', maxoutPieces: 3 },
      'b(a(x).unflatten(-1, (240, 3)).amax(-1))',
      'Linear(784, 720)',
      'Linear(240, 10)',
    ],
    [{ hiddenLayers: [], networkType: 'logistic' }, 'a(x)', 'a, = net', 'Linear(784, 10)'],
  ] as const)('writes four lines for the network %j', (changes, ...parts) => {
    const lines = makePytorchLines(
      { ...defaultConfig, ...changes, hiddenLayers: [...changes.hiddenLayers] },
      'net.safetensors',
    );
    expect(lines.split('\n')).toHaveLength(4);
    for (const part of [...parts, 'load_file("net.safetensors")']) expect(lines).toContain(part);
  });

  it('standardizes the input of CIFAR-10’s networks', () => {
    const fingerprint = '0'.repeat(64);
    const counts = { trainingCount: 50_000, testCount: 10_000 };
    const dataSet = { shape: 'color-32', ...counts, fingerprint } as const;
    const lines = makePytorchLines({ ...defaultConfig, dataSet }, 'net.safetensors');
    expect(lines).toContain('Linear(3072, 100)');
    expect(lines).toContain('b(a((x - 0.4734) / 0.2516).relu())');
    expect(lines).toContain('x [n, 3072]');
  });

  it('reads the order of permuted pixels', () => {
    const lines = makePytorchLines({ ...defaultConfig, permutationSeed: 1 }, 'net.safetensors');
    expect(lines.split('\n')).toHaveLength(5);
    expect(lines).toContain('metadata()["pixelOrder"]');
    expect(lines).toContain('b(a(x[:, order]).relu())');
  });
});
