import { vi } from 'vitest';
import type { ExperimentArchive } from '../openArchive.ts';
import type { Changes, SavedExperiment } from '../types.ts';

/**
 * An archive in memory that holds these experiments, the first as the present one. It records each write, and stores
 * none.
 */
export function createFakeArchive(experiments: readonly SavedExperiment[] = []) {
  const saved = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const writes: Changes[] = [];
  const done = () => Promise.resolve();
  const summarize = (experiment: SavedExperiment) => ({ ...experiment, bytes: 10 });
  const load = (id: string) => Promise.resolve(saved.get(id) ?? null);
  const archive = {
    remember: vi.fn<ExperimentArchive['remember']>(),
    save: vi.fn<ExperimentArchive['save']>((_, takeChanges) => {
      writes.push(takeChanges());
      return Promise.resolve(true);
    }),
    list: () =>
      Promise.resolve({ experiments: [...saved.values()].map(summarize), unreadable: [] }),
    load,
    loadCurves: vi.fn<ExperimentArchive['loadCurves']>(async (id) => {
      const experiment = await load(id);
      return experiment && summarize(experiment);
    }),
    loadPresent: vi.fn<ExperimentArchive['loadPresent']>(() => {
      const [experiment] = experiments;
      return Promise.resolve(experiment ? { status: 'saved', experiment } : { status: 'none' });
    }),
    claim: vi.fn<ExperimentArchive['claim']>(() => Promise.resolve(true)),
    release: vi.fn<ExperimentArchive['release']>(),
    close: vi.fn<ExperimentArchive['close']>(done),
    isAnyOpen: () => Promise.resolve(false),
    delete: (id: string) => {
      saved.delete(id);
      return Promise.resolve();
    },
  } satisfies ExperimentArchive;
  return { archive, writes };
}
