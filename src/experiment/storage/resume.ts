import type { RunConfig } from '../../domain/settings/config.ts';
import { reportError } from '../../domain/errors.ts';
import type { SavedExperiment } from './types.ts';
import type { Lab } from '../lab.ts';
import { describePreviousFiles, findDataOf } from '../customData/experimentData.ts';
import { formatExperimentTime } from '../runs/experimentTime.ts';
import { findConfigs, type Setup } from '../setup/setup.ts';

/**
 * Resumes the experiment of the previous visit, unless the user has started another one meanwhile; otherwise says
 * why it does not. Never rejects: an experiment that cannot be read sets the archive's error, and the page works on.
 *
 * @param isLinked if a link opened the page, only an experiment with the link's own setup resumes
 */
export async function resumePresentExperiment(lab: Lab, isLinked = false): Promise<void> {
  const { archive, store } = lab;
  if (archive === null) return;
  const linked = isLinked ? store.getState().setup : null;
  try {
    const present = await archive.loadPresent();
    if (store.getState().experimentId !== null) return;
    switch (present.status) {
      case 'none':
        return;
      case 'elsewhere':
        // A user who opens a link while an experiment is open in another tab wants the link.
        if (isLinked && !present.isOwn) return;
        lab.notify('kept', [
          'The experiment that this page would resume is open in another tab, so this one starts without it.',
          'Use it there, or close that tab and open the experiment here, under Saved experiments.',
        ]);
        return;
      case 'unreadable':
        lab.notify('kept', [
          'An experiment is saved for this page, but its record cannot be read, so the page starts without it.',
          'Delete it under Saved experiments, and train it again.',
        ]);
        return;
      case 'saved': {
        const { experiment } = present;
        // If no engine works, the page says so; the experiment stays saved.
        const canResume = store.getState().engine.status !== 'failed';
        if (canResume && (linked === null || hasSetup(experiment, linked))) {
          openSaved(lab, experiment);
          return;
        }
        archive.release();
        if (canResume) offer(lab, experiment);
      }
    }
  } catch (thrown) {
    lab.update({ archive: { ...store.getState().archive, error: reportError(thrown) } });
  }
}

/** Whether an experiment that starts with this setup would be the same. */
function hasSetup({ runs }: SavedExperiment, setup: Setup): boolean {
  const wanted = findConfigs(setup)?.map(describe);
  const saved = runs.map(({ config }) => describe(config));
  return wanted?.length === saved.length && wanted.every((text, index) => text === saved[index]);
}

/** All settings as text, in a fixed order. */
function describe(config: RunConfig): string {
  return JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Says that an experiment is saved beside the link that the page shows, and how to open it. */
function offer(lab: Lab, { id, startedAt }: SavedExperiment): void {
  const name = `the experiment of ${formatExperimentTime(startedAt)}`;
  lab.notify(
    'kept',
    [
      `The link has a different setup from ${name}, so the page does not resume it. It stays saved.`,
    ],
    { experimentId: id, label: `Open ${name}` },
  );
}

/** Replaces the present experiment with a saved one, on the engine that it was started for, and says so. */
export function openSaved(lab: Lab, experiment: SavedExperiment): void {
  if (lab.store.getState().enginePreference !== experiment.enginePreference) {
    lab.reset();
    lab.chooseEngine(experiment.enginePreference);
  }
  const { previousFiles: before } = lab.store.getState().customData;
  if (!findDataOf(lab, experiment)) return;
  const { previousFiles } = lab.store.getState().customData;
  lab.resumeExperiment(experiment);
  lab.notify('continued', [
    describeContinuation(experiment),
    ...(previousFiles === before
      ? []
      : [`It is an experiment on MNIST. ${describePreviousFiles(true)}`]),
  ]);
  onEngineReady(lab, (name) => {
    if (lab.store.getState().experimentId !== experiment.id) return;
    const others = new Set(experiment.runs.flatMap(({ engine }) => engine ?? []));
    others.delete(name);
    if (others.size === 0) return;
    lab.notify('continued', [
      `So far, this experiment was computed by ${[...others].join(' and ')}; from here on by ${name}.`,
      'Engines round differently, so its numbers can differ a little from those of an uninterrupted experiment.',
    ]);
  });
}

/** "The experiment of 14:05 resumes from epoch 1.3." */
export function describeContinuation(
  { startedAt, isPaused, runs, repeats }: SavedExperiment,
  now = Date.now(),
): string {
  const name = `The experiment of ${formatExperimentTime(startedAt, now)}`;
  const whole = runs.filter(({ damage }) => damage === undefined);
  if (whole.length === 0) return `${name} was restored, but none of its networks can be read.`;
  const isFinished = whole.every(
    ({ progress }) =>
      progress !== null && progress.step > 0 && progress.step === progress.totalSteps,
  );
  if (isFinished && repeats !== undefined && repeats.runs.length > 0) {
    const seed = `seed ${repeats.finished.length + 2} of ${repeats.seedCount}`;
    return isPaused
      ? `${name} was restored, paused at ${seed}. Press Continue training.`
      : `${name} was restored, and continues with ${seed}.`;
  }
  if (isFinished) return `${name} was restored, with its trained networks.`;
  const epochs = whole.map(({ progress }) =>
    progress === null ? 0 : progress.step / Math.max(1, progress.stepsPerEpoch),
  );
  const least = Math.min(...epochs);
  const from = least === 0 ? 'the start' : `epoch ${least.toFixed(1)}`;
  return isPaused
    ? `${name} was restored, paused at ${from}. Press Continue training.`
    : `${name} resumes from ${from}.`;
}

/** Calls back with the engine's name, now or when it has started; never if it fails. */
function onEngineReady({ store }: Lab, callback: (name: string) => void): void {
  const check = (): boolean => {
    const { engine } = store.getState();
    if (engine.status === 'ready') callback(engine.engine.name);
    return engine.status !== 'starting';
  };
  if (check()) return;
  const unsubscribe = store.subscribe(() => {
    if (store.getState().engine.status === 'starting') return;
    unsubscribe();
    check();
  });
}
