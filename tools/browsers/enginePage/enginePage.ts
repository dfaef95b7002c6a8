/** Runs the engine's tests in workers of this browser. The page belongs to the tests and not to the site. */
import { networkTypes } from '../../../src/domain/settings/config.ts';
import { goldenCases } from '../../../src/engine/golden/fixtures.ts';
import { attackCases, trainingCases } from '../../../src/engine/golden/methods/methodCases.ts';
import { connectTasks, type TaskWorker } from '../../../src/engine/testing/inWorker.ts';
import type { SimdTasks } from '../../../src/engine/testing/simdTasks.worker.ts';
import type { WebGLTasks } from '../../../src/engine/testing/webglTasks.worker.ts';
import { report as send } from '../../gpu/report.ts';
import type { EngineReport } from './report.ts';

const report: EngineReport = { passed: [], failed: [], skipped: [], isDone: false };
(window as unknown as { report: EngineReport }).report = report;

/** Records what a check finds wrong; it finds nothing wrong if it returns ''. */
async function check(name: string, run: () => Promise<string>): Promise<void> {
  const problem = await run().catch((error: unknown) => String(error));
  const failed = problem === '' ? undefined : `${name}: ${problem}`;
  if (failed === undefined) report.passed.push(name);
  else report.failed.push(failed);
  await send({ data: { name, problem }, ...(failed !== undefined && { failed }) });
}

/** Names values that exceed a limit or are not numbers. */
function exceeding(values: Readonly<Record<string, number>>, limit: number): string {
  return Object.entries(values)
    .filter(([, value]) => !(value <= limit))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

async function checkSimd(worker: TaskWorker<SimdTasks>): Promise<void> {
  for (const build of ['relaxed', 'plain'] as const) {
    const reason = await worker.run('describe', build, 1).then(
      () => '',
      (error: unknown) => String(error),
    );
    if (build === 'relaxed' && reason.includes('no SIMD')) {
      report.skipped.push('relaxed SIMD: this browser does not have it');
      continue;
    }
    const canThread = await worker.run('canShareMemory');
    for (const threads of canThread ? [1, 2] : [1]) {
      const variant = `${build} SIMD, ${threads} of ${threads} threads`;
      await check(`${variant}: threads start`, async () => {
        const device = await worker.run('describe', build, threads);
        return device.includes(`${threads} thread`) ? '' : device;
      });
      await check(`${variant}: ${goldenCases.length} golden cases`, async () =>
        exceeding(await worker.run('golden', build, threads), 1e-5),
      );
      await check(`${variant}: every operation`, async () =>
        exceeding(await worker.run('operations', build, threads, 11), 1e-5),
      );
    }
    if (canThread) {
      await check(`${build} SIMD: the same weights on 1 and 2 threads`, async () => {
        const weights = [await worker.run('train', build, 1), await worker.run('train', build, 2)];
        return String(weights[0]) === String(weights[1]) ? '' : 'they differ';
      });
    }
  }
}

async function checkWebGL(worker: TaskWorker<WebGLTasks>): Promise<void> {
  for (const { name } of goldenCases) {
    await check(`WebGL: golden case ${name}`, async () =>
      exceeding(await worker.run('golden', name), 1e-4),
    );
  }
  for (const { name } of [...trainingCases, ...attackCases]) {
    await check(`WebGL: golden case ${name} of methods`, async () =>
      exceeding(await worker.run('goldenMethod', name), 1e-4),
    );
  }
  await check('WebGL: every operation', async () =>
    exceeding(await worker.run('operations', 1), 1e-5),
  );
  for (const type of networkTypes) {
    for (const from of ['pixels', 'weight'] as const) {
      await check(`WebGL: NaN from ${from} of a ${type} network is no finite loss`, async () => {
        const loss = await worker.run('nan', type, from);
        return Number.isFinite(loss) ? `a loss of ${loss}` : '';
      });
    }
  }
}

const simd = connectTasks<SimdTasks>(
  new Worker(new URL('../../../src/engine/testing/simdTasks.worker.ts', import.meta.url), {
    type: 'module',
  }),
);
await checkSimd(simd);
simd.terminate();
const webgl = connectTasks<WebGLTasks>(
  new Worker(new URL('../../../src/engine/testing/webglTasks.worker.ts', import.meta.url), {
    type: 'module',
  }),
);
const device = await webgl.run('description').then(
  (description) => description.device,
  (error: unknown) => {
    report.skipped.push(`WebGL: ${String(error)}`);
    return null;
  },
);
if (device !== null) {
  report.device = device;
  await send({ text: `WebGL: ${device}` });
  await checkWebGL(webgl);
}
report.isDone = true;
for (const one of report.skipped) await send({ failed: `Not tested: ${one}` });
await send({ text: `${report.passed.length} checks passed`, data: report, isDone: true });
