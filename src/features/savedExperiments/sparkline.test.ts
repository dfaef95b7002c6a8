import { expect, it } from 'vitest';
import { makeEvaluation } from '../../experiment/storage/testing/savedExperiments.ts';
import { sparkPaths } from './sparkline.ts';

const at = (step: number, errorRate: number) => ({
  ...makeEvaluation(step),
  clean: { loss: 1, errorRate },
});

it('draws each run from its first to its last measurement, on scales that they share', () => {
  const paths = sparkPaths([
    { evaluations: [at(0, 1), at(100, 0.1)] },
    { evaluations: [at(0, 1), at(100, 0.1), at(200, 0.01)] },
  ]);
  expect(paths).toEqual(['M2.0,2.0L48.0,20.0', 'M2.0,2.0L48.0,20.0L94.0,38.0']);
});

it('draws a run without errors at the lower edge, and a constant one', () => {
  expect(sparkPaths([{ evaluations: [at(0, 1), at(100, 0)] }])).toEqual(['M2.0,2.0L94.0,38.0']);
  expect(sparkPaths([{ evaluations: [at(0, 0.5), at(100, 0.5)] }])).toEqual(['M2.0,2.0L94.0,2.0']);
});

it('draws nothing of a run that was measured less than twice', () => {
  expect(sparkPaths([{ evaluations: [] }, { evaluations: [at(100, 0.1)] }])).toEqual(['', '']);
  expect(sparkPaths([])).toEqual([]);
});

it('leaves out points that nobody could see', () => {
  const evaluations = Array.from({ length: 1001 }, (_, step) => at(step, 1 / (step + 1)));
  const [path] = sparkPaths([{ evaluations }]);
  const points = path!.slice(1).split('L');
  expect(points.length).toBeLessThan(100);
  expect([points[0], points.at(-1)]).toEqual(['2.0,2.0', '94.0,38.0']);
});
