import { strict as assert } from 'node:assert';
import { three } from './digits.ts';
import { type LabTab, type RunPosition, tinyLink } from './labTab.ts';
import type { EngineReport } from './enginePage/report.ts';
import { readSavedStep } from './savedStep.ts';
import { until } from './webDriver.ts';

export interface Story {
  readonly name: string;
  /** Whether the host leaves its headers out of a 304, as most do. */
  readonly isPlainHost?: boolean;
  /** By default the site. */
  readonly site?: 'engine';
  run(lab: LabTab, url: string): Promise<void>;
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
    await lab.openLab(`${url}${tinyLink.replace('epochs=3', 'epochs=40')}`);
    await lab.train();
    await lab.expectFinished();
    const whole = await lab.readCurves();
    assert.ok(whole.length > 200, `${whole.length} points`);
    await lab.command('Start over');
    await lab.expectCount('[data-testid=run-status]', 0);
    await lab.train();
    await until(
      'the third epoch is saved',
      () => lab.run(readSavedStep, 3),
      (step) => step >= 20,
      60_000,
    );
    await lab.reload();
    await lab.find('[data-testid=notice][data-kind=continued]');
    await lab.expectRuns('resumed', ({ status }) => status !== 'starting');
    const interrupted = await lab.readPositions();
    const isInTheMiddle = ({ status, epoch }: RunPosition): boolean =>
      status !== 'finished' && epoch > 1;
    assert.ok(interrupted.some(isInTheMiddle), JSON.stringify(interrupted));
    await lab.expectFinished();
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

const engine: Story = {
  name: 'the engine computes as PyTorch and as float64 do, on each of its backends',
  site: 'engine',
  async run(lab, url) {
    await lab.open(url);
    const { passed, failed, skipped, device } = await until(
      'the engine is tested',
      () => lab.run(() => (window as unknown as { report: EngineReport }).report),
      ({ isDone }) => isDone,
      80_000,
    );
    console.log(
      `${passed.length} checks passed; WebGL on ${device ?? 'nothing'}; skipped: ${skipped.join('; ')}`,
    );
    assert.deepEqual(failed, []);
    assert.ok(passed.length >= 7, passed.join());
  },
};

export const stories: readonly Story[] = [trainToTheVerdict, steps, reload, draw, engine];
