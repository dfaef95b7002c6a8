/** `npm run reproduce`: the paper's comparison with this project's engine, from plan.ts to docs/reproduction.md. */
import path from 'node:path';
import { Interrupted, Interruption } from '../train/interruption.ts';
import { UsageError } from '../train/options/usageError.ts';
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { replaceFile } from '../replaceFile.ts';
import { type Arguments, helpText, parseArguments } from './arguments.ts';
import { chooseAndStoreRecipes } from './choose.ts';
import { publishedFiles, quickTable } from './document/document.ts';
import { allTestJobs, allTrialJobs, type Job, workOf } from './jobs.ts';
import { type Plan, quickPlan } from './plans/plan.ts';
import { gather, gatherAll, plans, storeOf, studyNames } from './plans/studies.ts';
import { ProgressReporter } from './progress.ts';
import { runInChild, runJobs, type RunSettings } from './runJobs.ts';
import { differenceBetween, Store } from './store.ts';

const root = path.join(import.meta.dirname, '..', '..');
const resultsFolder = path.join(root, 'results');
const documentFile = path.join(root, 'docs', 'reproduction.md');
const fullStore = storeOf('mnist', resultsFolder);
const quickStore = new Store(path.join(resultsFolder, 'quick'));

const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
const write = (text: string) => void process.stdout.write(text);
const writeMessage = (message: string) => void process.stderr.write(`reproduce: ${message}\n`);
const relative = (file: string) => path.relative(root, file);
const compileKernels = () => buildKernels(() => writeMessage('compiling the kernels, once ...'));

/** A plan with its jobs of one kind. */
interface Work {
  readonly plan: Plan;
  readonly store: Store;
  readonly jobs: readonly Job[];
}

async function allWork(quick: boolean, kind: 'trials' | 'tests'): Promise<Work[]> {
  if (quick) {
    const recipes = await fullStore.readRecipes();
    const jobs = kind === 'trials' ? [] : allTestJobs(quickPlan, recipes);
    return [{ plan: quickPlan, store: quickStore, jobs }];
  }
  return Promise.all(
    studyNames.map(async (name) => {
      const [plan, store] = [plans[name], storeOf(name, resultsFolder)];
      const recipes = await store.readRecipes();
      const jobs = kind === 'trials' ? allTrialJobs(plan) : allTestJobs(plan, recipes);
      return { plan, store, jobs };
    }),
  );
}

type Places = Pick<Arguments, 'cifar' | 'cifarJpeg'>;

/** Where the images of a plan are; null if the option that names the place is not given. */
function placeOf({ data }: Plan, { cifar, cifarJpeg }: Places): string | null {
  switch (data.source) {
    case 'mnist':
      return mnistSourceFolder();
    case 'cifar':
      return cifar;
    case 'cifar-jpeg':
      return cifarJpeg;
  }
}

/** Folder of checkpoints and trained networks. */
function cacheOf(plan: Plan): string {
  return path.join(root, '.cache', 'reproduce', plan.name);
}

/** The work on the selected runs whose images are available. */
async function chosenWork(given: Arguments): Promise<(Work & { directory: string })[]> {
  const { task, quick, only } = given;
  const isWanted = ({ id }: Job) =>
    only.length === 0 || only.some((prefix) => id.startsWith(prefix));
  const all = await allWork(quick, task === 'choose' ? 'trials' : 'tests');
  const wanted = all
    .map((work) => ({ ...work, jobs: work.jobs.filter(isWanted) }))
    .filter(({ jobs }) => jobs.length > 0);
  if (wanted.length === 0) {
    throw new UsageError(
      only.length === 0
        ? 'no recipe is chosen yet: choose them first, with --choose.'
        : `no run's name starts with ${only.join(' or ')}, or its recipe is not chosen yet; see --list.`,
    );
  }
  const chosen: (Work & { directory: string })[] = [];
  const messages: string[] = [];
  for (const work of wanted) {
    const directory = placeOf(work.plan, given);
    const results = await Promise.all(work.jobs.map((job) => work.store.read(job)));
    if (directory !== null) chosen.push({ ...work, directory });
    else if (results.includes(null)) {
      messages.push(
        `the runs on the ${work.plan.data.name} need its images, which are not in this repository: give --${work.plan.data.source} PLACE, the path of CIFAR-10's binary version.`,
      );
    }
  }
  if (chosen.length === 0 && messages.length > 0) throw new UsageError(messages[0]);
  for (const message of messages) writeMessage(`skipped: ${message}`);
  return chosen;
}

/** Lists the runs with what they cost: measured, or estimated from the speed of the finished ones. */
async function list(all: readonly Work[]): Promise<void> {
  const runs = await Promise.all(
    all.flatMap(({ jobs, store }) =>
      jobs.map(async (job) => ({ job, result: await store.read(job) })),
    ),
  );
  const finished = runs.filter(({ result }) => result !== null);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const secondsPerWork =
    total(finished.map(({ result }) => result!.times.cpuSeconds)) /
    total(finished.map(({ job }) => workOf(job)));
  const secondsOf = ({ job, result }: (typeof runs)[number]) =>
    result?.times.cpuSeconds ?? secondsPerWork * workOf(job);
  for (const run of runs) {
    const { id, config } = run.job;
    const recipe = `${config.hiddenLayers.join('-')}, ${config.epochs} epochs from ${config.learningRate}`;
    const state = run.result
      ? `${(100 * run.result.last.errorRate).toFixed(2)} % ${run.result.data.evaluatedOn} error`
      : 'not run yet';
    const minutes = finished.length > 0 ? `${(secondsOf(run) / 60).toFixed(1)} min` : '';
    write(`${id.padEnd(64)} ${recipe.padEnd(34)} ${minutes.padStart(9)}  ${state}\n`);
  }
  if (finished.length === 0) return;
  const hours = (some: typeof runs) => (total(some.map(secondsOf)) / 3600).toFixed(1);
  const left = runs.filter(({ result }) => result === null);
  write(
    `${runs.length} trials and runs, ${hours(runs)} hours of a core; ${left.length} left, about ${hours(left)} hours, not counting test runs whose recipes are not chosen yet\n`,
  );
}

/** Writes the document or the quick table from the existing results. */
async function writeConclusions(quick: boolean): Promise<void> {
  if (quick) {
    const findings = await gather(quickPlan, await fullStore.readRecipes(), quickStore);
    write(`\n${await quickTable(findings)}\nThe results are in results/quick.\n`);
    return;
  }
  const { summary, document } = await publishedFiles(await gatherAll(resultsFolder));
  await replaceFile(path.join(resultsFolder, 'summary.json'), summary);
  await replaceFile(documentFile, document);
  write(`${relative(documentFile)} is written\n`);
}

type Means = Pick<RunSettings, 'progress' | 'signal'>;

/** Repeats a finished run without checkpoints and compares the results. @returns whether they are the same */
async function verify(given: Arguments, { progress, signal }: Means): Promise<boolean> {
  const { quick, verify: id } = given;
  const all = [...(await allWork(quick, 'trials')), ...(await allWork(quick, 'tests'))];
  const work = all.find(({ jobs }) => jobs.some((one) => one.id === id));
  const job = work?.jobs.find((one) => one.id === id);
  if (!work || !job) throw new UsageError(`there is no run ${id}; see --list.`);
  const directory = placeOf(work.plan, given);
  if (directory === null) throw new UsageError(`${id} needs --${work.plan.data.source} PLACE.`);
  const stored = await work.store.read(job);
  if (!stored) throw new UsageError(`${id} has not been run yet.`);
  await compileKernels();
  progress.begin([job], [job]);
  progress.started(job);
  const onProgress = (epochs: number) => progress.progressed(id, epochs);
  const again = await runInChild(
    { job, directory, checkpoint: null, weights: null },
    signal,
    onProgress,
  );
  progress.end();
  const difference = differenceBetween(stored, again);
  const isSame = difference === null;
  write(`${id}: ${isSame ? 'identical, except for the times' : `differs: ${difference}`}\n`);
  return isSame;
}

/** Chooses the recipes of a plan from its trials, and says how many are chosen. */
async function chooseRecipesOf({ plan, store }: Work): Promise<void> {
  const recipes = await chooseAndStoreRecipes(plan, store);
  const wanted = plan.entries.filter(({ trials }) => trials.length > 0).length;
  const found = recipes?.choices.length ?? 0;
  const commit = found > 0 ? `: commit ${relative(store.recipesFile)}` : '';
  write(`${plan.data.name}: ${found} of ${wanted} recipes are chosen${commit}\n`);
}

/** Makes the chosen runs. @returns whether all of them succeeded */
async function makeRuns(given: Arguments, means: Means): Promise<boolean> {
  const chosen = await chosenWork(given);
  await compileKernels();
  const failed: string[] = [];
  for (const work of chosen) {
    const { store, directory, plan } = work;
    const settings = { ...means, store, directory, cache: cacheOf(plan), parallel: given.parallel };
    failed.push(...(await runJobs(work.jobs, settings)));
    if (given.task === 'choose') await chooseRecipesOf(work);
  }
  if (failed.length > 0) {
    writeMessage(`failed: ${failed.join(', ')}; run the same command to try them again.`);
  }
  await writeConclusions(given.quick);
  return failed.length === 0;
}

/** Measures the networks of the chosen runs. @returns whether the networks of all finished runs are here */
async function attack(given: Arguments, signal: AbortSignal): Promise<boolean> {
  const chosen = await chosenWork(given);
  await compileKernels();
  // Loaded here, because it has to set a flag before WebAssembly is used.
  const { attackNetworks } = await import('./robustness/attackNetworks.ts');
  const missing: string[] = [];
  for (const { plan, store, directory, jobs } of chosen) {
    const settings = { store, directory, cache: cacheOf(plan), threads: given.parallel, signal };
    missing.push(
      ...(await attackNetworks(plan, jobs, { ...settings, write: (line) => write(`${line}\n`) })),
    );
  }
  if (missing.length > 0) {
    writeMessage(
      `not measured, because their networks are not in .cache/reproduce: ${missing.join(', ')}. Move their results away and run them again.`,
    );
  }
  await writeConclusions(false);
  return missing.length === 0;
}

async function runTask(given: Arguments, signal: AbortSignal): Promise<boolean> {
  const { task, quick, parallel } = given;
  const progress = new ProgressReporter(write, { isTerminal: process.stdout.isTTY, parallel });
  switch (task) {
    case 'help':
      write(helpText);
      return true;
    case 'list':
      await list([
        ...(quick ? [] : await allWork(false, 'trials')),
        ...(await allWork(quick, 'tests')),
      ]);
      return true;
    case 'write-docs':
      await writeConclusions(false);
      return true;
    case 'verify':
      return verify(given, { progress, signal });
    case 'attacks':
      return attack(given, signal);
    case 'run':
    case 'choose':
      return makeRuns(given, { progress, signal });
  }
}

async function main(args: readonly string[]): Promise<number> {
  // The reader of a pipe may exit early (`--list | head`); what was trained is in the checkpoints.
  process.stdout.on('error', () => process.exit(exitCodes.failed));
  const { yieldToEventLoop } = new Interruption();
  const stop = new AbortController();
  const listen = () => void yieldToEventLoop().catch((reason: unknown) => stop.abort(reason));
  const listening = setInterval(listen, 100);
  try {
    const isDone = await runTask(parseArguments(args), stop.signal);
    return isDone ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    if (error instanceof Interrupted) {
      writeMessage(
        `stopped by ${error.signal.name}; the same command resumes after the last epochs.`,
      );
      return error.signal.exitCode;
    }
    writeMessage(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  } finally {
    clearInterval(listening);
  }
}

process.exitCode = await main(process.argv.slice(2));
