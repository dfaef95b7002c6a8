import type { ListedExperiment, UnreadableExperiment } from '../../experiment/storage/types.ts';
import { findFullEvaluation, isFullEvaluation } from '../../experiment/runs/history.ts';
import { formatExperimentTime } from '../../experiment/runs/experimentTime.ts';
import { formatCount, formatEpsilon, formatErrorRate, keepTogether } from '../../ui/format.ts';
import { describeNetwork } from '../../ui/networks.ts';

/** The parts of a run that its numbers follow from. */
export type SavedResult = Pick<ListedExperiment['runs'][number], 'progress' | 'config' | 'history'>;

/** "attack ε 0.08": the ε of the errors in `describeNumbers`; empty while there are none. */
export function describeAttack(runs: readonly SavedResult[]): string {
  const epsilons = runs.flatMap((run) => findScores(run)?.attack.epsilon ?? []);
  const different = [...new Set(epsilons)].map(formatEpsilon);
  return different.length === 0 ? '' : `attack ε ${different.join(' and ')}`;
}

/** Progress and last errors of a run, with a dash where nothing was measured, and a note unless on the whole split. */
export function describeNumbers(run: SavedResult) {
  const { progress, config } = run;
  const done = progress === null ? 0 : progress.step / Math.max(1, progress.stepsPerEpoch);
  const epochs = `${Number(done.toFixed(1))} of ${config.epochs}`;
  const last = findScores(run);
  if (last === undefined) return { epochs, clean: '–', attacked: '–', note: '' };
  return {
    epochs,
    clean: formatErrorRate(last.clean.errorRate),
    attacked: formatErrorRate(last.adversarial.errorRate),
    note: isFullEvaluation(last, config) ? '' : `on ${formatCount(last.sampleCount)} images`,
  };
}

/** The newest evaluation of the whole split, or the newest one of any size before that. */
function findScores({ history, config }: SavedResult) {
  return findFullEvaluation(history, config) ?? history.evaluations.at(-1);
}

/** 1234 as "1 kB", 12,345,678 as "12.3 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1e5) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** "3 experiments, 12.3 MB." */
export function describeStorage(count: number, bytes: number): string {
  const experiments = count === 1 ? '1 experiment' : `${formatCount(count)} experiments`;
  return `${experiments}, ${formatBytes(bytes)}`;
}

/** What an experiment compared: "Plain vs. ABP ε 0.08". */
export function titleOf(runs: readonly { readonly name: string }[]): string {
  return runs.map(({ name }) => keepTogether(name)).join(' vs. ');
}

/** "14:05", "784-100-10 ReLU", "attack ε 0.08", "0.3 MB": what distinguishes experiments with equal titles. */
export function describeDetails(experiment: ListedExperiment | UnreadableExperiment): string[] {
  const { startedAt, bytes } = experiment;
  const time = startedAt === null ? 'unknown time' : formatExperimentTime(startedAt);
  const facts = 'runs' in experiment ? describeRuns(experiment.runs) : [];
  const seeds = 'runs' in experiment ? describeSeeds(experiment) : [];
  return [time, ...facts, ...seeds, ...(bytes > 0 ? [formatBytes(bytes)] : [])];
}

/** "5 seeds" */
function describeSeeds({ seedCount }: ListedExperiment): string[] {
  return seedCount === 1 ? [] : [`${seedCount} seeds`];
}

function describeRuns(runs: ListedExperiment['runs']): string[] {
  const networks = new Set(runs.map(({ config }) => describeNetwork(config)));
  const isOwnData = runs.some(({ config }) => config.dataSet !== null);
  const network = networks.size === 1 ? [...networks] : [];
  const attack = describeAttack(runs);
  // The description of a network has the number of MNIST's pixels.
  return [...(isOwnData ? ['your files'] : network), ...(attack === '' ? [] : [attack])];
}

/** "Plain vs. ABP ε 0.08, 14:05". */
export function nameExperiment(experiment: ListedExperiment | UnreadableExperiment): string {
  const { startedAt } = experiment;
  const time = startedAt === null ? 'unknown time' : formatExperimentTime(startedAt);
  return `${'runs' in experiment ? titleOf(experiment.runs) : 'the damaged experiment'}, ${time}`;
}
