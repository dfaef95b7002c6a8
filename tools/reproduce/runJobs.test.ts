import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory, tinyFiles, writeDirectory } from '../train/testing/tinyDataSet.ts';
import { buildKernels } from '../build/kernels.ts';
import type { Robustness } from '../../src/domain/reproduction.ts';
import { ProgressReporter } from './progress.ts';
import { chooseAndStoreRecipes } from './choose.ts';
import { allTestJobs, allTrialJobs, type Job } from './jobs.ts';
import { networkFile } from './networks.ts';
import type { Entry, Plan, PlanData } from './plans/plan.ts';
import { attackNetworks } from './robustness/attackNetworks.ts';
import { runInChild, runJobs, type RunSettings } from './runJobs.ts';
import { differenceBetween, readResults, Store } from './store.ts';

const tiny: PlanData = {
  name: 'tiny',
  source: 'mnist',
  dataSet: null,
  training: 600,
  heldOut: 200,
  test: 200,
};
const entry: Entry = {
  id: 'relu-adversarial',
  networkType: 'relu',
  method: 'adversarial',
  seeds: [1, 2],
  schedule: { epochs: 12, finalRate: 0.1, trialEpochs: 10 },
  trials: [
    { learningRate: 1e-6, hiddenLayers: [16] },
    { learningRate: 2e-2, hiddenLayers: [64] },
  ],
};
const plan: Plan = {
  name: 'tiny',
  data: tiny,
  entries: [entry],
  attacks: [
    { kind: 'fgsm', epsilon: 0.1, clip: false },
    { kind: 'fgsm', epsilon: 0.2, clip: true },
    { kind: 'pgd', epsilon: 0.1, clip: true, steps: 3, stepSize: 0.05, seed: 1 },
  ],
};

describe('runs of the reproduction', { timeout: 60_000 }, () => {
  let directory: string;
  let trainingOnly: string;
  beforeAll(async () => {
    await buildKernels();
    const files = tinyFiles();
    directory = await writeDirectory(files);
    delete files['t10k-images-idx3-ubyte'];
    delete files['t10k-labels-idx1-ubyte'];
    trainingOnly = await writeDirectory(files);
  }, 120_000);

  async function settings(
    given: Partial<RunSettings> = {},
  ): Promise<RunSettings & { lines: string[] }> {
    const lines: string[] = [];
    const write = (text: string) => void lines.push(text);
    return {
      store: new Store(await temporaryDirectory()),
      directory,
      cache: await temporaryDirectory(),
      parallel: 2,
      progress: new ProgressReporter(write, { isTerminal: false, parallel: 2 }),
      signal: new AbortController().signal,
      lines,
      ...given,
    };
  }

  it('chooses recipes without the test files, then makes the runs, each only once', async () => {
    const first = await settings({ directory: trainingOnly });
    const { store } = first;
    const trials = allTrialJobs(plan);
    expect(await chooseAndStoreRecipes(plan, store)).toBeNull();
    expect(await runJobs(trials, first)).toEqual([]);
    const trialResults = await readResults(store, trials);
    for (const { data: evaluated, curve, last } of trialResults.values()) {
      expect(evaluated).toEqual({
        name: 'tiny',
        trainingImages: 400,
        evaluatedOn: 'validation',
        evaluatedImages: 200,
      });
      expect(curve).toHaveLength(10);
      expect(last.attacks).toEqual([]);
    }
    const recipes = (await chooseAndStoreRecipes(plan, store))!;
    expect(recipes.choices).toMatchObject([{ learningRate: 2e-2, hiddenLayers: [64] }]);

    const second = await settings({ store });
    const tests = allTestJobs(plan, recipes);
    expect(await runJobs(tests, second)).toEqual([]);
    const results = await readResults(store, tests);
    expect([...results.keys()]).toEqual(['relu-adversarial-seed1', 'relu-adversarial-seed2']);
    const result = results.get('relu-adversarial-seed2')!;
    expect(result.config).toMatchObject({ seed: 2, hiddenLayers: [64], holdOutValidation: false });
    expect(result.data).toMatchObject({ trainingImages: 600, evaluatedOn: 'test' });
    expect(result.last.attacks.map(({ attack }) => attack)).toEqual(plan.attacks);
    expect(result.last.errorRate).toBe(result.curve[11]!.errorRate);
    expect(result.last.attacks[0]!.errorRate).toBeGreaterThan(result.last.errorRate);
    expect(await readdir(second.cache)).toEqual(['networks']);

    const file = path.join(store.folder, 'relu-adversarial-seed1.json');
    const before = await readFile(file, 'utf8');
    const third = await settings({ store, directory: trainingOnly });
    expect(await runJobs(tests, third)).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(third.lines).toEqual(['2 runs, 2 finished already\n']);
  });

  it('resumes after a stop, with the result of an uninterrupted run', async () => {
    const job: Job = {
      ...allTrialJobs(plan)[1]!,
      config: {
        ...allTrialJobs(plan)[1]!.config,
        method: 'adversarial-dropout',
        epochs: 400,
      },
    };
    const stop = new AbortController();
    const reason = new Error('Stopped here.');
    const stopped = await settings({ signal: stop.signal });
    const { progress } = stopped;
    let reached = 0;
    progress.progressed = (_, epochs) => {
      reached = epochs;
      if (epochs >= 3) stop.abort(reason);
    };
    await expect(runJobs([job], stopped)).rejects.toBe(reason);
    expect(await stopped.store.read(job)).toBeNull();
    const saved = await readdir(stopped.cache);
    // The stop may have come in the middle of a write, which leaves its draft.
    expect(saved.filter((name) => !name.endsWith('.tmp'))).toEqual(['networks', job.id]);

    const { cache, store } = stopped;
    const resumed = await settings({ cache, store });
    let first = Infinity;
    resumed.progress.progressed = (_, epochs) => (first = Math.min(first, epochs));
    expect(await runJobs([job], resumed)).toEqual([]);
    // A report within an epoch, or at its end, may precede the checkpoint of that epoch.
    expect(first).toBeGreaterThanOrEqual(Math.ceil(reached) - 1);
    const { signal } = new AbortController();
    const whole = await runInChild(
      { job, directory, checkpoint: null, weights: null },
      signal,
      () => undefined,
    );
    expect(differenceBetween(whole, (await store.read(job))!)).toBeNull();
    expect(whole.curve).toHaveLength(400);
  });

  it('trains a network with permuted pixels on the same images in another order', async () => {
    const recipe = { learningRate: 5e-3, hiddenLayers: [64] };
    const jobsOf = (isPermuted: boolean) =>
      allTestJobs({ ...plan, entries: [{ ...entry, trials: [], recipe, isPermuted }] }, null);
    const [[ordered], [permuted, next]] = [jobsOf(false), jobsOf(true)];
    expect(ordered!.config.permutationSeed).toBeNull();
    expect([permuted!, next!].map(({ config }) => config.permutationSeed)).toEqual([101, 102]);
    const { signal } = new AbortController();
    const make = (job: Job) =>
      runInChild({ job, directory, checkpoint: null, weights: null }, signal, () => undefined);
    const [a, b] = [await make(ordered!), await make(permuted!)];
    // It reaches a similar error with different numbers.
    expect(b.curve).not.toEqual(a.curve);
    expect(Math.max(a.last.errorRate, b.last.errorRate)).toBeLessThan(0.1);
  });

  it('measures the kept network of a finished run, each only once, and names a missing one', async () => {
    const recipe = { learningRate: 2e-2, hiddenLayers: [16] };
    const attacked: Plan = {
      ...plan,
      entries: [{ ...entry, trials: [], recipe }],
      perturbations: [{ epsilon: 0.2, clip: true }],
      certified: [0.01],
    };
    const jobs = allTestJobs(attacked, null);
    const run = await settings();
    const { store, cache, signal } = run;
    expect(await runJobs(jobs, run)).toEqual([]);
    await rm(networkFile(cache, jobs[1]!.id));
    const lines: string[] = [];
    const measure = () =>
      attackNetworks(attacked, jobs, {
        store,
        directory,
        cache,
        signal,
        threads: 1,
        write: (line) => void lines.push(line),
      });
    expect(await measure()).toEqual([jobs[1]!.id]);
    const result = (await store.read(jobs[0]!))!;
    const found = (await store.readRobustness(result))!;
    expect(found).toMatchObject({ id: result.id, weights: result.weights, images: 200 });
    const [{ fgsm, pgd, marginPgd, strongest }] = found.attacks as [Robustness['attacks'][0]];
    // The file holds the network that was trained: its error under FGSM is what the run measured.
    const same = result.last.attacks.find(({ attack }) => attack.kind === 'fgsm' && attack.clip);
    expect(fgsm).toBe(same!.errorRate);
    expect(strongest).toBeGreaterThanOrEqual(Math.max(fgsm, pgd, marginPgd));
    expect(found.certified[0]!.share).toBeLessThanOrEqual(1 - result.last.errorRate);
    expect(found.training.images).toBe(600);
    expect(lines).toHaveLength(1);
    await measure();
    expect(lines).toHaveLength(1);
  });

  it('reports which runs failed and why, and makes the others', async () => {
    const [job] = allTrialJobs(plan);
    const wild: Job = {
      ...job!,
      id: 'wild',
      config: {
        ...job!.config,
        optimizer: 'momentum',
        learningRate: 10,
        hiddenLayers: Array<number>(6).fill(200),
      },
    };
    const here = await settings();
    expect(await runJobs([wild, job!], here)).toEqual(['wild']);
    expect(here.lines.join('')).toContain('wild: failed: Training diverged');
    expect(await here.store.read(job!)).not.toBeNull();
  });

  it('refuses a result with other settings, and a damaged one', async () => {
    const here = await settings();
    const [job] = allTrialJobs(plan);
    await runJobs([job!], here);
    const other = { ...job!, config: { ...job!.config, learningRate: 0.5 } };
    await expect(here.store.read(other)).rejects.toThrow(
      /rate-0\.000001\.json belongs to another run than the plan’s: learningRate should be 0\.5, found 0\.000001/,
    );
    const elsewhere = { ...job!, data: { ...job!.data, evaluatedImages: 10_000 } };
    await expect(here.store.read(elsewhere)).rejects.toThrow(
      /belongs to another run than the plan’s: data\.evaluatedImages should be 10000, found 200/,
    );
    const result = (await here.store.read(job!))!;
    const shorter = { ...result, curve: result.curve.slice(1) };
    await expect(here.store.write(job!, shorter)).rejects.toThrow('epochs 1 to 10, found 9 points');
  });
});
