import { expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { drawableNetworks, drawnNetworks } from './answering.ts';
import { createRun, type Run } from './run.ts';

function makeRun(id: string, changes: Partial<Run> = {}): Run {
  return { ...createRun(id, { name: id, paletteIndex: 0, config: defaultConfig }), ...changes };
}

function listIds(runs: readonly Run[], list: typeof drawnNetworks): readonly string[] {
  const custom = { loaded: null } as unknown as Parameters<typeof list>[0]['customData'];
  return list({ runs, pretrained: [], customData: custom }).map(({ id }) => id);
}

it('shows all networks of an experiment as soon as one of them can be queried, but none that failed', () => {
  const started = makeRun('a', { status: 'running', hasNetwork: true });
  const runs = [makeRun('b'), started, makeRun('c', { status: 'failed' })];
  expect(listIds([makeRun('b')], drawnNetworks)).toEqual([]);
  expect(listIds(runs, drawableNetworks)).toEqual(['a']);
  expect(listIds(runs, drawnNetworks)).toEqual(['b', 'a']);
});
