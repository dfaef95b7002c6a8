import { findFullEvaluation } from '../../../experiment/runs/history.ts';
import { findExperimentStatus, type Run } from '../../../experiment/runs/run.ts';
import type { LabState } from '../../../experiment/state.ts';
import type { Progress } from '../../../domain/metrics.ts';
import { describeEpochs } from '../../../domain/settings/settings.ts';
import { formatCount, formatDuration, formatErrorRate, formatSpeed } from '../../../ui/format.ts';

/** The state of a run, as text and as a progress bar. */
export interface RunDescription {
  /** What the run is doing, or its position. */
  readonly text: string;
  /** Speed and time left, or the steps of a run that has ended; '' when they are not known. Left out on phones. */
  readonly pace: string;
  /** Fraction done, 0 to 1. */
  readonly fraction: number;
}

export const introduction =
  'Pretrained networks are shown. Train your own: nothing leaves this browser.';

/** The line of a run in the control bar. */
export function describeRun(run: Run): RunDescription {
  const { progress } = run;
  const position = progress === null ? '' : describePosition(progress, run.config.epochs);
  const fraction =
    progress === null || progress.totalSteps === 0 ? 0 : progress.step / progress.totalSteps;
  const withPosition = (text: string): string => (position === '' ? text : `${text} · ${position}`);

  switch (run.status) {
    case 'finished':
      // Its errors are in the headline and in the results.
      return {
        text: `Finished: ${describeEpochs(run.config.epochs)}`,
        pace: progress === null ? '' : `${formatCount(progress.step)} steps`,
        fraction: 1,
      };
    case 'failed':
      return { text: withPosition('Stopped by an error'), pace: '', fraction };
    case 'paused':
      return {
        text: withPosition(run.prepared ? 'Half a step taken' : 'Paused'),
        pace: '',
        fraction,
      };
    case 'pausing':
      return { text: withPosition('Pausing'), pace: '', fraction };
    case 'starting':
      // Once for all runs: waiting.ts.
      return { text: 'Waiting', pace: '', fraction: 0 };
    case 'running':
      if (run.activity === 'evaluating')
        return { text: withPosition('Evaluating'), pace: '', fraction };
      return {
        text: position || 'Continuing',
        pace: progress ? describePace(progress) : '',
        fraction,
      };
  }
}

/** The epoch, counted from 1, and the step within it; the last step of an epoch still belongs to it. */
export function findPosition({
  step,
  stepsPerEpoch,
}: Progress): { epoch: number; stepOfEpoch: number } | null {
  if (stepsPerEpoch === 0) return null;
  const epoch = Math.max(1, Math.ceil(step / stepsPerEpoch));
  return { epoch, stepOfEpoch: step - (epoch - 1) * stepsPerEpoch };
}

/** "Epoch 2 of 5 · step 312 of 938" */
export function describePosition(progress: Progress, epochs: number): string {
  const position = findPosition(progress);
  if (position === null) return '';
  const { epoch, stepOfEpoch } = position;
  return `Epoch ${epoch} of ${epochs} · step ${formatCount(stepOfEpoch)} of ${formatCount(progress.stepsPerEpoch)}`;
}

/** The information of `describeRun` as attributes, which end-to-end tests read. */
export function makeStatusAttributes({ status, activity, progress, history, config }: Run) {
  const position = progress === null ? null : findPosition(progress);
  return {
    'data-status': status,
    'data-activity': activity ?? undefined,
    'data-epoch': position?.epoch,
    'data-step': position?.stepOfEpoch,
    'data-total-steps': status === 'finished' ? progress?.step : undefined,
    'data-error-rate':
      status === 'finished' ? findFullEvaluation(history, config)?.clean.errorRate : undefined,
  };
}

function describePace({ samplesPerSecond, secondsLeft }: Progress): string {
  const parts = [];
  if (samplesPerSecond > 0) parts.push(`${formatSpeed(samplesPerSecond)} images/s`);
  if (secondsLeft !== null) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(' · ');
}

/** Text for screen readers: the end of an epoch of all runs, and an experiment that is not running. */
export function announce({ runs }: Pick<LabState, 'runs'>): string {
  const status = findExperimentStatus(runs);
  if (status === 'none') return '';
  const result = describeScores(runs);
  if (status === 'paused') return `Paused. ${result}`.trim();
  if (status === 'finished') return `Finished. ${result}`.trim();
  return result;
}

/** The newest full evaluations, once every run that is still training has one of the same epoch. */
function describeScores(runs: readonly Run[]): string {
  const going = runs.filter(({ status }) => status !== 'failed');
  const scores = going.map(({ history, config }) => findFullEvaluation(history, config));
  const epochs = new Set(scores.map((one) => one?.epoch));
  const [epoch] = epochs;
  if (epochs.size !== 1 || epoch === undefined) return '';
  const results = going.map(({ name }, index) => {
    const { clean, adversarial } = scores[index]!;
    return `${name} ${formatErrorRate(clean.errorRate)}, under FGSM ${formatErrorRate(adversarial.errorRate)}`;
  });
  return `After epoch ${Math.round(epoch)}, test error: ${results.join('; ')}.`;
}
