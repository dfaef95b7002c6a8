import { expect, it } from 'vitest';
import { listDrawnRuns } from './drawnRuns.ts';

it('lists saved experiments after the current one, with their date and each run once', () => {
  const plain = { id: 'a', name: 'Plain', paletteIndex: 0 };
  const kept = { id: 'b', name: 'Plain', paletteIndex: 0 };
  const startedAt = new Date(2026, 2, 7, 9, 5).getTime();
  const drawn = listDrawnRuns([plain], [{ startedAt, runs: [plain, kept] }]);
  expect(drawn.map(({ name, isReference }) => [name, isReference])).toEqual([
    ['Plain', false],
    ['Plain · 7 Mar, 09:05', true],
  ]);
});
