import { type GoldenCase, goldenCaseSchema } from './goldenCase.ts';

const files = import.meta.glob<{ default: unknown }>('./fixtures/*-*.json', { eager: true });

/** The golden cases in the order of their names. output-delta.json has a different structure. */
export const goldenCases: readonly GoldenCase[] = Object.entries(files)
  .filter(([path]) => !path.endsWith('/output-delta.json'))
  .map(([, module]) => goldenCaseSchema.parse(module.default));
