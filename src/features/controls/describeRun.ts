import { isFullEvaluation } from '../../lab/history.ts';
import type { Run } from '../../lab/run.ts';
import type { DataState, EngineState, LabState } from '../../lab/state.ts';
import type { Evaluation, Progress } from '../../shared/metrics.ts';
import {
  formatCount,
  formatDuration,
  formatEpsilon,
  formatErrorRate,
  formatMegabytes,
  formatSpeed,
} from '../../ui/format.ts';

/** What a run is doing, in words and as a bar. */
export interface RunDescription {
  /** What happens, or where the run is. */
  readonly text: string;
  /** Speed and time left; empty when there is none to tell. */
  readonly pace: string;
  /** Part done, 0 to 1; null for a wait of unknown length. */
  readonly fraction: number | null;
}

export const introduction =
  'Nothing is trained yet. Press Train: a network starts to learn MNIST in this browser.';

/** The line of the control bar. */
export function describeRun(
  run: Run | null,
  training: DataState,
  engine: EngineState,
): RunDescription {
  if (run === null) return { text: introduction, pace: '', fraction: 0 };
  const { progress } = run;
  const position = progress === null ? '' : describePosition(progress, run.config.epochs);
  const fraction =
    progress === null || progress.totalSteps === 0 ? 0 : progress.step / progress.totalSteps;
  const withPosition = (text: string): string => (position === '' ? text : `${text} · ${position}`);

  switch (run.status) {
    case 'finished':
      return { text: describeEnd(run), pace: describeLength(run), fraction: 1 };
    case 'failed':
      return { text: withPosition('Stopped by an error'), pace: '', fraction };
    case 'paused':
      return { text: withPosition('Paused'), pace: '', fraction };
    case 'pausing':
      return { text: withPosition('Pausing'), pace: '', fraction };
    case 'starting':
      return describeStart(run, training, engine);
    case 'running':
      if (run.activity === 'evaluating')
        return { text: withPosition(`Evaluating on all ${splitName(run)}`), pace: '', fraction };
      return {
        text: position || 'Going on',
        pace: progress ? describePace(progress) : '',
        fraction,
      };
  }
}

function describeStart(run: Run, training: DataState, engine: EngineState): RunDescription {
  if (engine.status === 'starting')
    return { text: 'Starting the engine…', pace: '', fraction: null };
  if (run.activity === 'compiling') {
    const isWebgl = engine.status === 'ready' && engine.engine.name.startsWith('WebGL');
    const text = isWebgl ? 'Compiling shaders…' : 'Preparing the network…';
    return { text, pace: '', fraction: null };
  }
  if (training.status === 'loading') {
    const { loadedBytes, totalBytes } = training;
    return {
      text: `Loading the training images: ${formatMegabytes(loadedBytes)} of ${formatMegabytes(totalBytes)} MB`,
      pace: '',
      fraction: loadedBytes / totalBytes,
    };
  }
  const text =
    run.activity === 'loading-data' ? 'Loading the training images…' : 'Starting the run…';
  return { text, pace: '', fraction: null };
}

/** The result as a number, for everyone to see. */
function describeEnd({ history }: Run): string {
  const scores = history.evaluations.findLast(isFullEvaluation);
  if (scores === undefined) return 'Finished. Reset to train again.';
  const clean = formatErrorRate(scores.clean.errorRate);
  const attacked = formatErrorRate(scores.adversarial.errorRate);
  const epsilon = formatEpsilon(scores.attack.epsilon);
  return `Finished: ${clean} error, ${attacked} under attack with ε ${epsilon}. Reset to train again.`;
}

function describeLength({ config: { epochs }, progress }: Run): string {
  const steps = progress === null ? '' : ` · ${formatCount(progress.step)} steps`;
  return `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${steps}`;
}

function splitName(run: Run): string {
  return run.config.holdOutValidation ? 'validation images' : 'test images';
}

/** "Epoch 2 of 5 · step 312 of 938"; the last step of an epoch still belongs to it. */
export function describePosition({ step, stepsPerEpoch }: Progress, epochs: number): string {
  if (stepsPerEpoch === 0) return '';
  const epoch = Math.max(1, Math.ceil(step / stepsPerEpoch));
  const stepOfEpoch = step - (epoch - 1) * stepsPerEpoch;
  return `Epoch ${epoch} of ${epochs} · step ${formatCount(stepOfEpoch)} of ${formatCount(stepsPerEpoch)}`;
}

function describePace({ samplesPerSecond, secondsLeft }: Progress): string {
  const parts = [];
  if (samplesPerSecond > 0) parts.push(`${formatSpeed(samplesPerSecond)} images/s`);
  if (secondsLeft !== null) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(' · ');
}

/** What a screen reader hears: the end of each epoch, and a run that stands still. */
export function announce({ run }: Pick<LabState, 'run'>): string {
  if (run === null) return '';
  const scores = run.history.evaluations.findLast(isFullEvaluation);
  const result = scores === undefined ? '' : describeScores(scores);
  if (run.status === 'paused') return `Paused. ${result}`.trim();
  if (run.status === 'finished') return `Finished. ${result}`.trim();
  return result;
}

function describeScores({ epoch, split, clean, adversarial, attack }: Evaluation): string {
  return (
    `After epoch ${Math.round(epoch)}: ${split} error ${formatErrorRate(clean.errorRate)}, ` +
    `under attack with ε ${formatEpsilon(attack.epsilon)} ${formatErrorRate(adversarial.errorRate)}.`
  );
}
