import { methodUses, type RunConfig, type TrainingMethod } from '../shared/config.ts';

/** Short names of the methods, as a legend has room for. */
export const shortNames: Readonly<Record<TrainingMethod, string>> = {
  plain: 'Plain',
  dropout: 'Dropout',
  adversarial: 'ABP',
  'adversarial-dropout': 'ABP + dropout',
  noise: 'Random signs',
  pgd: 'PGD training',
  mixed: 'Clean + adversarial',
};

/** Settings as numbers or as text. */
type Named = { readonly [Key in keyof RunConfig]: unknown } & Pick<RunConfig, 'method'>;

/** What else may tell two runs apart, and how it is said. */
const tellers: readonly [field: keyof RunConfig, say: (value: unknown) => string][] = [
  ['networkType', (value) => String(value)],
  [
    'hiddenLayers',
    (value) => (Array.isArray(value) ? value.join(', ') || 'linear' : String(value)),
  ],
  ['seed', (value) => `seed ${String(value)}`],
  ['optimizer', (value) => String(value)],
  ['learningRate', (value) => `rate ${String(value)}`],
  ['learningRateDecay', (value) => `decay ${String(value)}`],
  ['batchSize', (value) => `batch ${String(value)}`],
  ['epochs', (value) => `${String(value)} epochs`],
  ['trainingSetSize', (value) => `${String(value)} images`],
  ['loss', (value) => (value === 'bce' ? 'sigmoid' : 'softmax')],
  ['clipTrainingImages', (value) => (value === true ? 'clipped' : 'unclipped')],
  ['pgdSteps', (value) => `${String(value)} steps`],
  ['pgdStepSize', (value) => `step size ${String(value)}`],
  ['cleanLossWeight', (value) => `α ${String(value)}`],
  ['inputDropoutRate', (value) => `input ${String(value)}`],
  ['hiddenDropoutRate', (value) => `hidden ${String(value)}`],
  ['maxoutPieces', (value) => `${String(value)} pieces`],
  ['permutationSeed', (value) => (value === null ? 'pixels in order' : 'permuted pixels')],
  ['holdOutValidation', (value) => (value === true ? 'validation' : 'test')],
];

/** Names for runs of one race: method and ε, and what else tells runs of equal names apart. */
export function nameRuns(runs: readonly Named[]): string[] {
  const names = runs.map(nameRun);
  return names.map((name, index) => {
    const run = runs[index]!;
    const alike = runs.filter((_, other) => names[other] === name);
    if (alike.length === 1) return name;
    const teller = tellers.find(([field]) =>
      alike.some((one) => JSON.stringify(one[field]) !== JSON.stringify(run[field])),
    );
    if (teller) return `${name} · ${teller[1](run[teller[0]])}`;
    return `${name} · ${alike.indexOf(run) + 1}`;
  });
}

/** "ABP ε 0.08", "Dropout". */
export function nameRun(run: Named): string {
  const name = shortNames[run.method];
  return methodUses(run.method).epsilon ? `${name} ε ${String(run.trainingEpsilon)}` : name;
}
