import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { placeNames } from '../../src/experiment/places.ts';
import { three } from './digits.ts';
import { idxFiles, withFiles } from './files.ts';
import { type LabTab, tinyLink } from './labTab.ts';
import type { EngineReport } from './enginePage/report.ts';
import { readSavedStep } from './savedStep.ts';
import { until } from './webDriver.ts';

export interface Story {
  readonly name: string;
  /** Whether the host leaves its headers out of a 304, as most do. */
  readonly isPlainHost?: boolean;
  /** Whether the host sends no headers. */
  readonly isBareHost?: boolean;
  /** By default the site. That of the engine's tests needs no input. */
  readonly site?: 'engine';
  /** @param cut cuts the network */
  run(lab: LabTab, url: string, cut: () => Promise<void>): Promise<void>;
}

const trainToTheVerdict: Story = {
  name: 'the engine starts, and three networks train to the verdict',
  async run(lab, url) {
    await lab.openLab(`${url}${tinyLink}`);
    assert.deepEqual(
      await lab.run(() => [crossOriginIsolated, document.querySelectorAll('[role=alert]').length]),
      [true, 0],
    );
    await lab.train();
    await lab.expectFinished();
    await lab.find('[data-testid=outcome]');
    await lab.expectText('[data-panel=Results] table', /\d %/);
  },
};

const steps: Story = {
  name: 'steps, epochs, a pause and a reset do what they say',
  async run(lab, url) {
    await lab.openLab(`${url}${tinyLink.replace('epochs=3', 'epochs=1000')}`);
    await lab.command('One step');
    await lab.expectPaused(1, 1);
    await lab.command('One epoch');
    await lab.expectPaused(1, 10);
    await lab.train();
    await lab.expectRuns('training', ({ status, epoch }) => status === 'running' && epoch > 1);
    await lab.clickOn('[data-testid=train][data-command=pause]');
    await lab.expectRuns('paused', ({ status }) => status === 'paused');
    const before = await lab.readPositions();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(await lab.readPositions(), before);
    await lab.command('Start over');
    await lab.expectCount('[data-testid=run-status]', 0);
  },
};

const reload: Story = {
  name: 'a reload in the middle of training changes no digit',
  async run(lab, url) {
    const runs = 2;
    await lab.openLab(
      `${url}${tinyLink.replace('epochs=3', 'epochs=10')}&runs=dropout;adversarial`,
    );
    await lab.train();
    await lab.expectFinished(runs);
    const whole = await lab.readCurves();
    assert.ok(whole.length > 30, `${whole.length} points`);
    await lab.command('Start over');
    await lab.expectCount('[data-testid=run-status]', 0);
    await lab.command('One epoch');
    await lab.expectPaused(1, 10, runs);
    await until(
      'the first epoch is saved',
      () => lab.run(readSavedStep, runs),
      (step) => step === 10,
    );
    await lab.reload();
    await lab.find('[data-testid=notice][data-kind=continued]');
    await lab.expectPaused(1, 10, runs);
    // Once more while they train.
    await lab.train();
    await lab.expectRuns('training', ({ epoch }) => epoch > 1, runs);
    await lab.reload();
    await lab.expectFinished(runs);
    assert.deepEqual(await lab.readCurves(), whole);
  },
};

const draw: Story = {
  name: 'digits drawn with a mouse and with a finger are predicted',
  async run(lab, url) {
    await lab.openLab(url);
    await lab.find('[data-testid=network-card][data-before]');
    for (const pointer of ['mouse', 'touch'] as const) {
      await lab.clickOn('[data-panel=Draw] button', '^Clear$');
      await lab.expectPrediction(null);
      await lab.drag(pointer, await lab.locateOnPad(three));
      await lab.expectPrediction(3);
    }
  },
};

const smallestEpsilon: Story = {
  name: 'the smallest ε is found for each network',
  async run(lab, url) {
    await lab.openLab(url);
    await lab.find('[data-testid=network-card][data-before]');
    await lab.clickOn('[data-panel=Draw] button', '^More ways to attack$');
    await lab.clickOn('[role=tab]', '^Smallest ε$');
    await lab.clickOn('[data-panel=Draw] button', '^Find the smallest ε$');
    await lab.expectCount('[data-testid=smallest-epsilon][data-epsilon]', 3);
  },
};

const ownFiles: Story = {
  name: 'own data are read from files, and a network trains on them',
  async run(lab, url) {
    await lab.openLab(`${url}${tinyLink}`);
    await lab.clickOn('button', '^More settings$');
    await lab.choose('^Data$', 'Your files');
    await withFiles(idxFiles, async (paths) => {
      await lab.type(await lab.find('input[type=file]', '^Data files$'), paths.join('\n'));
      await lab.find('[data-testid=own-data][data-training-count="800"][data-test-count="200"]');
      await lab.train();
      await lab.expectFinished();
    });
  },
};

const shared =
  '#v=1&preset=tanh&layers=64-32&seed=7&runs=plain;pgd,eps:0.1,epochs:9&attack=0.2&outcome=fooled-any&digit=3&engine=simd';

const links: Story = {
  name: 'a link is shared, and opens to the same setup and view',
  async run(lab, url) {
    const share = async (): Promise<string> => {
      await lab.clickOn('button', '^Share$');
      const field = await lab.find('[role=dialog] textarea', '^Link to this setup and view$');
      return lab.run((input) => (input as unknown as HTMLTextAreaElement).value, field);
    };
    await lab.openLab(`${url}${shared}`);
    assert.equal(await share(), `${url}${shared}`);
    await lab.open('about:blank');
    await lab.openLab(`${url}${shared}`);
    await lab.clickOn('button', '^More settings$');
    await until(
      'the settings are those of the link',
      () =>
        lab.run(() =>
          [...document.querySelectorAll<HTMLInputElement>('section[aria-label=Train] input')].map(
            ({ value }) => value,
          ),
        ),
      (values) => values.includes('64, 32') && values.includes('7'),
    );
    // What is typed reaches the link.
    await lab.clickOn('section[aria-label=Train] button', '^Advanced');
    const seed = await lab.find('section[aria-label=Train] input', '^Seed');
    await lab.type(seed, '1');
    await until(
      'the address has the new seed',
      () => lab.run(() => location.hash),
      (hash) => /seed=(71|17)\b/.test(hash),
    );
  },
};

const weights: Story = {
  name: 'weights are saved, and opened as a network with the same errors',
  async run(lab, url) {
    await lab.openLab(`${url}${tinyLink}`);
    await lab.train();
    await lab.expectFinished();
    // Not the cost of a step: it is measured only where a network was trained long enough.
    const errorsOf = (name: string): Promise<string> =>
      lab.run((wanted) => {
        const rows = [...document.querySelectorAll('[data-panel=Results] tbody tr')];
        const row = rows.find(({ textContent }) => textContent.includes(wanted));
        const cells = [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent);
        return cells.filter((text) => text.endsWith('%')).join(' ');
      }, name);
    // Clean, FGSM and PGD, and the paper's.
    const before = await until(
      'ABP is measured',
      () => errorsOf('ABP ε 0.08'),
      (errors) => errors.split('% ').length === 4,
    );
    await lab.goTo('Files');
    const bytes = await lab.readSaved('button', '^Save weights of ABP ε 0\\.08');
    assert.ok(bytes.length > 50_000, `${bytes.length} bytes`);
    const name = 'abp.safetensors';
    await withFiles([{ name, bytes }], async (paths) => {
      await lab.type(await lab.find('input[type=file]', '^File to open$'), paths[0]!);
      await lab.clickOn('[role=dialog] button', '^Open it$');
      await lab.expectText('[data-testid=notice][data-kind=import]', /abp\.safetensors/);
    });
    await lab.goTo('Lab');
    await until(
      'the opened network has the errors of the saved one',
      () => errorsOf(name),
      (errors) => errors === before,
    );
  },
};

const places: Story = {
  name: 'every place opens, and axe finds nothing in light and dark',
  async run(lab, url) {
    await lab.openLab(url);
    await lab.find('[data-testid=network-card][data-before]');
    const axe = await readFile(
      createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
      'utf8',
    );
    await lab.runText(axe);
    for (const place of Object.values(placeNames)) {
      await lab.goTo(place);
      await lab.expectCount('[aria-busy=true], [data-loading]', 0);
      for (const scheme of ['light', 'dark'] as const) {
        const violations = await lab.run(findViolations, scheme);
        assert.deepEqual(violations, [], `${place}, ${scheme}`);
      }
    }
    // One font for a letter and its tilde: the tilde takes no width.
    const [plain, tilde] = await lab.run(() =>
      ['x', 'x\u0303'].map((text) => {
        const span = document.body.appendChild(document.createElement('span'));
        span.textContent = text;
        const { width } = span.getBoundingClientRect();
        span.remove();
        return width;
      }),
    );
    assert.equal(tilde, plain);
    const fonts = await lab.run(() =>
      performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1)!),
    );
    assert.deepEqual(
      fonts.filter((name) => name.includes('vietnamese')),
      [],
    );
  },
};

/** In the page: what axe finds in a color scheme. */
async function findViolations(scheme: 'light' | 'dark'): Promise<string[]> {
  document.documentElement.dataset.mantineColorScheme = scheme;
  interface Axe {
    run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
  }
  const { axe } = window as unknown as { axe: Axe };
  const { violations } = await axe.run({ resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const plainHost: Story = {
  name: 'the engine starts again on a host that leaves its headers out of a 304',
  isPlainHost: true,
  async run(lab, url) {
    await lab.openLab(`${url}${tinyLink}`);
    for (let visit = 0; visit < 4; visit++) {
      await lab.reload();
      await lab.expectEngine();
    }
    await lab.train();
    await lab.expectFinished();
  },
};

const offline: Story = {
  name: 'a second visit to a host without headers is isolated, and trains without a connection',
  isBareHost: true,
  async run(lab, url, cut) {
    const isIsolated = () => lab.run(() => crossOriginIsolated);
    await lab.openLab(`${url}${tinyLink}`);
    assert.equal(await isIsolated(), false);
    await until(
      'the site and its data are kept',
      () =>
        lab.run(async () => {
          const data = await (await caches.open('data')).keys();
          return navigator.serviceWorker.controller === null ? 0 : data.length;
        }),
      (count) => count === 4,
    );
    // A driver's reload would go past the service worker.
    const visitAgain = async () => {
      await lab.open('about:blank');
      await lab.openLab(`${url}${tinyLink}`);
      assert.equal(await isIsolated(), true);
    };
    await visitAgain();
    await cut();
    await visitAgain();
    await lab.train();
    await lab.expectFinished();
  },
};

const engine: Story = {
  name: 'the engine’s backends compute as PyTorch and as float64 do',
  site: 'engine',
  async run(lab, url) {
    await lab.open(url);
    const { passed, failed, skipped, device } = await until(
      'the engine is tested',
      () => lab.run(() => (window as unknown as { report: EngineReport }).report),
      ({ isDone }) => isDone,
    );
    console.log(
      `        ${passed.length} checks; WebGL on ${device ?? 'nothing'}${skipped.map((one) => `; ${one}`).join('')}`,
    );
    assert.deepEqual(failed, []);
    assert.ok(passed.length >= 7, passed.join());
  },
};

export const stories: readonly Story[] = [
  engine,
  trainToTheVerdict,
  steps,
  reload,
  draw,
  smallestEpsilon,
  ownFiles,
  links,
  weights,
  places,
  plainHost,
  offline,
];
