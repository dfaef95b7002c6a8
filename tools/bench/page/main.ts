import { connectTasks, type TaskWorker } from '../../../src/engine/testing/inWorker.ts';
import { isReporting, type PageReport, report } from '../../gpu/report.ts';
import { labelOf } from '../contenders.ts';
import { type Contenders, type Finding, measureAll } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { formatSetting } from '../report.ts';
import type { ContenderTasks } from './contender.worker.ts';

const contenders: TaskWorker<ContenderTasks>[] = [];
/** What the steps of the first session that was compared changed. */
let reference: Float32Array[] | null = null;

function distance(a: readonly Float32Array[], b?: readonly Float32Array[]): number {
  let sum = 0;
  a.forEach((values, l) => values.forEach((value, i) => (sum += (value - (b?.[l]![i] ?? 0)) ** 2)));
  return Math.sqrt(sum);
}

const bench: Contenders = {
  start: (name, threads) => {
    // The bundler finds the worker only in this form.
    const worker = new Worker(new URL('./contender.worker.ts', import.meta.url), {
      type: 'module',
    });
    const contender = connectTasks<ContenderTasks>(worker);
    contenders.push(contender);
    return contender.run('start', name, threads);
  },
  prepare: (contender, config, imageCount) => {
    const dataUrl = new URL('data/mnist/', location.href).href;
    return contenders[contender]!.run('prepare', dataUrl, config, imageCount);
  },
  run: (contender, session, steps) => contenders[contender]!.run('run', session, steps),
  compare: async (contender, session) => {
    const changes = await contenders[contender]!.run('changes', session);
    reference ??= changes;
    return distance(changes, reference) / distance(reference);
  },
  forget: () => void (reference = null),
  dispose: (contender, session) => contenders[contender]!.run('dispose', session),
};

declare global {
  interface Window {
    /** Measures everything. The command that calls it gives the page the function that it tells. */
    measureAll: (options: BenchOptions) => Promise<void>;
    tell: (finding: Finding) => Promise<void>;
  }
}
window.measureAll = (options) => measureAll(bench, options, window.tell);

/** What tools/gpu/measure.py prints and keeps. */
function describe(finding: Finding): PageReport {
  switch (finding.kind) {
    case 'started': {
      const { contender } = finding;
      return { text: `${labelOf(contender)}: ${contender.device}`, data: contender };
    }
    case 'measured':
      return { text: `\n${formatSetting(finding.result)}`, data: finding.result };
    case 'failed':
      return { failed: finding.problem };
  }
}

if (isReporting) {
  try {
    const options = (await (await fetch('../options.json')).json()) as BenchOptions;
    await measureAll(bench, options, (finding) => report(describe(finding)));
  } catch (error) {
    await report({ failed: String(error) });
  }
  await report({ isDone: true });
}
