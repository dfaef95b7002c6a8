/** `npm run reproduce`: the paper's comparison with this project's engine, from plan.ts to docs/reproduction.md. */
import path from 'node:path';
import { Interrupted, Interruption } from '../train/interruption.ts';
import { UsageError } from '../train/options/usageError.ts';
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { type Arguments, helpText, parseArguments } from './arguments.ts';
import { ProgressReporter } from './progress.ts';
import { chooseAndStoreRecipes } from './choose.ts';
import { quickTable } from './document/document.ts';
import { allTestJobs, allTrialJobs, type Job } from './jobs.ts';
import { type Plan, quickPlan } from './plans/plan.ts';
import { publish } from './document/publish.ts';
import { runInChild, runJobs, type RunSettings } from './runJobs.ts';
import { differenceBetween, Store } from './store.ts';
import { gather, gatherAll, plans, storeOf, studyNames } from './plans/studies.ts';

const root = path.join(import.meta.dirname, '..', '..');
const resultsFolder = path.join(root, 'results');
const documentFile = path.join(root, 'docs', 'reproduction.md');
const fullStore = storeOf('mnist', resultsFolder);

const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
const write = (text: string) => void process.stdout.write(text);
const writeMessage = (message: string) => void process.stderr.write(`reproduce: ${message}\n`);
const relative = (file: string) => path.relative(root, file);

/** A plan with its jobs of one kind. */
interface Work {
  readonly plan: Plan;
  readonly store: Store;
  readonly jobs: readonly Job[];
}

/** Every plan with its current jobs. */
async function allWork(quick: boolean, kind: 'trials' | 'tests'): Promise<Work[]> {
  if (quick) {
    const recipes = await fullStore.readRecipes();
    const store = new Store(path.join(resultsFolder, 'quick'));
    const jobs = kind === 'trials' ? [] : allTestJobs(quickPlan, recipes);
    return [{ plan: quickPlan, store, jobs }];
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

/** Path of a plan's images; null if it is not known. */
function placeOf({ data }: Plan, cifar: string | null): string | null {
  return data.dataSet === null ? mnistSourceFolder() : cifar;
}

/** The work on the selected runs whose images are available. */
async function chosenWork(
  all: readonly Work[],
  { only, cifar }: Arguments,
): Promise<{ work: Work; place: string }[]> {
  const isWanted = ({ id }: Job) =>
    only.length === 0 || only.some((prefix) => id.startsWith(prefix));
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
  const chosen: { work: Work; place: string }[] = [];
  const withoutImages: Plan[] = [];
  for (const work of wanted) {
    const place = placeOf(work.plan, cifar);
    const isFinished = (job: Job) => work.store.read(job).then((result) => result !== null);
    if (place !== null) chosen.push({ work, place });
    else if (!(await Promise.all(work.jobs.map(isFinished))).every(Boolean)) {
      withoutImages.push(work.plan);
    }
  }
  for (const { data } of withoutImages) {
    const message = `the runs on the ${data.name} need its images, which are not in this repository: give --cifar PLACE, the path of CIFAR-10's binary version.`;
    if (chosen.length === 0) throw new UsageError(message);
    writeMessage(`skipped: ${message}`);
  }
  return chosen;
}

async function list({ jobs, store }: Work): Promise<void> {
  for (const job of jobs) {
    const result = await store.read(job);
    const { epochs, hiddenLayers, learningRate } = job.config;
    const recipe = `${hiddenLayers.join('-')}, ${epochs} epochs from ${learningRate}`;
    const state = result
      ? `${(100 * result.last.errorRate).toFixed(2)} % ${result.data.evaluatedOn} error`
      : 'not run yet';
    write(`${job.id.padEnd(52)} ${recipe.padEnd(34)} ${state}\n`);
  }
}

/** Writes the document or the quick table from the existing results. */
async function writeConclusions(quick: boolean): Promise<void> {
  if (quick) {
    const [{ store } = { store: fullStore }] = await allWork(true, 'tests');
    const findings = await gather(quickPlan, await fullStore.readRecipes(), store);
    write(`\n${await quickTable(findings)}\nThe results are in results/quick.\n`);
    return;
  }
  await publish(await gatherAll(resultsFolder), resultsFolder, documentFile);
  write(`${relative(documentFile)} is written\n`);
}

/** Repeats a finished run without checkpoints and compares the results. @returns whether they are the same */
async function verify(
  job: Job,
  { store, data, signal, progress }: Omit<RunSettings, 'checkpoints' | 'parallel'>,
): Promise<boolean> {
  const { id } = job;
  const stored = await store.read(job);
  if (!stored) throw new UsageError(`${id} is not run yet.`);
  progress.begin([job], [job]);
  progress.started(job);
  const onProgress = (epochs: number) => progress.progressed(id, epochs);
  const again = await runInChild({ job, data, checkpoint: null }, signal, onProgress);
  progress.end();
  const difference = differenceBetween(stored, again);
  const outcome =
    difference === null ? 'identical, except for the times' : `differs: ${difference}`;
  write(`${id}: ${outcome}\n`);
  return difference === null;
}

/** Chooses the recipes of a plan from its trials, and says how many are chosen. */
async function chooseRecipesOf({ plan, store }: Work): Promise<void> {
  const recipes = await chooseAndStoreRecipes(plan, store);
  const wanted = plan.entries.filter(({ trials }) => trials.length > 0).length;
  const found = recipes?.choices.length ?? 0;
  const commit = found > 0 ? `: commit ${relative(store.recipesFile)}` : '';
  write(`${plan.data.name}: ${found} of ${wanted} recipes are chosen${commit}\n`);
}

async function runTask(given: Arguments, signal: AbortSignal): Promise<number> {
  const { task, quick, parallel, verify: wanted, cifar } = given;
  if (task === 'list') {
    if (!quick) for (const work of await allWork(false, 'trials')) await list(work);
    for (const work of await allWork(quick, 'tests')) await list(work);
    return exitCodes.done;
  }
  if (task === 'write-docs') {
    await writeConclusions(false);
    return exitCodes.done;
  }
  const progress = new ProgressReporter(write, { isTerminal: process.stdout.isTTY, parallel });
  const dataOf = ({ data: { name, heldOut } }: Plan, directory: string) => {
    return { name, directory, heldOut };
  };
  if (task === 'verify') {
    const all = [...(await allWork(quick, 'trials')), ...(await allWork(quick, 'tests'))];
    const work = all.find(({ jobs }) => jobs.some(({ id }) => id === wanted));
    if (!work) throw new UsageError(`there is no run ${wanted}; see --list.`);
    const place = placeOf(work.plan, cifar);
    if (place === null) throw new UsageError(`${wanted} needs --cifar PLACE.`);
    await buildKernels(() => writeMessage('compiling the kernels, once ...'));
    const job = work.jobs.find(({ id }) => id === wanted)!;
    const data = dataOf(work.plan, place);
    const isSame = await verify(job, { store: work.store, data, progress, signal });
    return isSame ? exitCodes.done : exitCodes.failed;
  }
  const all = await allWork(quick, task === 'choose' ? 'trials' : 'tests');
  const chosen = await chosenWork(all, given);
  await buildKernels(() => writeMessage('compiling the kernels, once ...'));
  const failed: string[] = [];
  for (const { work, place } of chosen) {
    const checkpoints = path.join(root, '.cache', 'reproduce', work.plan.name);
    const data = dataOf(work.plan, place);
    const settings = { store: work.store, data, checkpoints, parallel, progress, signal };
    failed.push(...(await runJobs(work.jobs, settings)));
    if (task === 'choose') await chooseRecipesOf(work);
  }
  if (failed.length > 0)
    writeMessage(`failed: ${failed.join(', ')}; run the same command to try them again.`);
  await writeConclusions(quick);
  return failed.length === 0 ? exitCodes.done : exitCodes.failed;
}

async function main(args: readonly string[]): Promise<number> {
  // The reader of a pipe may exit early (`--list | head`); what was trained is in the checkpoints.
  process.stdout.on('error', () => process.exit(exitCodes.failed));
  const { yieldToEventLoop } = new Interruption();
  const stop = new AbortController();
  const listen = () => void yieldToEventLoop().catch((reason: unknown) => stop.abort(reason));
  const listening = setInterval(listen, 100);
  try {
    const parsed = parseArguments(args);
    if (parsed.task !== 'help') return await runTask(parsed, stop.signal);
    write(helpText);
    return exitCodes.done;
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
