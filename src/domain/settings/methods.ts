/**
 * The one table of training methods. Menus, names and colors of runs, the settings that a method uses, the estimate of
 * its cost, texts and the comparisons of the paper view follow from it. The algorithms are in engine/methods/, one file
 * each.
 */

/** What a method may use. Each part has its settings in settings.ts. */
export type MethodPart = 'epsilon' | 'dropout' | 'pgd' | 'cleanLoss' | 'divergence';

/** What a method trains against. */
export const methodGroups = [
  'No attack',
  'An attack of one step',
  'An attack of several steps',
] as const;
export type MethodGroup = (typeof methodGroups)[number];

export interface MethodFacts {
  /** In names of runs, which a legend must have room for. */
  readonly shortName: string;
  /** In the menu of methods. */
  readonly name: string;
  /** The heading that it stands under in the menu. */
  readonly group: MethodGroup;
  /** One sentence under the menu. */
  readonly explanation: string;
  /** What a step lowers, in symbols. */
  readonly objective: string;
  /** In the head of a listing, after "MNIST by": the name in a sentence, with its source. */
  readonly citedName: string;
  /** What the first half of a step does to the images, after "its 64 images". */
  readonly firstHalf: string;
  readonly uses: readonly MethodPart[];
  /** Passes forward and backward in one step. A pass to the pixels takes only the gradient of the images. */
  readonly passes: {
    readonly toWeights: number;
    /** A number, or the setting that holds it. */
    readonly toPixels: number | 'pgdSteps';
    /** Passes forward with nothing backward. */
    readonly forward?: number;
  };
  /** Its color, dash and marker: an index of `runStyles` (ui/runStyles.ts). */
  readonly paletteIndex: number;
}

/**
 * In the order of menus, from the plain ones to the strong ones. Keys and places in the palette are part of the format of
 * links and files.
 */
const rows = {
  plain: {
    shortName: 'Plain',
    name: 'Back-propagation',
    group: 'No attack',
    explanation: 'Trains on the images as they are.',
    objective: 'J(x)',
    citedName: 'back-propagation',
    firstHalf: 'stay as they are',
    uses: [],
    passes: { toWeights: 1, toPixels: 0 },
    paletteIndex: 0,
  },
  dropout: {
    shortName: 'Dropout',
    name: 'Dropout',
    group: 'No attack',
    explanation: 'Switches off random pixels and units in every step.',
    objective: 'J(x), pixels and units dropped',
    citedName: 'dropout',
    firstHalf: 'have lost some pixels',
    uses: ['dropout'],
    passes: { toWeights: 1, toPixels: 0 },
    paletteIndex: 1,
  },
  noise: {
    shortName: 'Random signs',
    name: 'Random signs',
    group: 'No attack',
    explanation:
      'Moves every pixel by ε in a random direction: the control for the adversarial method.',
    objective: 'J(x + ε r), r random signs',
    citedName: 'random signs, the control for the adversarial methods',
    firstHalf: 'have random signs added',
    uses: ['epsilon'],
    passes: { toWeights: 1, toPixels: 0 },
    paletteIndex: 4,
  },
  adversarial: {
    shortName: 'ABP',
    name: 'Adversarial back-propagation',
    group: 'An attack of one step',
    explanation:
      'Moves every pixel by ε in the direction that raises the loss, then trains on that.',
    objective: 'J(x̃), x̃ = x + ε sign(∂J/∂x)',
    citedName: 'adversarial back-propagation (Nøkland, arXiv 1510.04189)',
    firstHalf: 'have become x̃',
    uses: ['epsilon'],
    passes: { toWeights: 1, toPixels: 1 },
    paletteIndex: 2,
  },
  'adversarial-dropout': {
    shortName: 'ABP + dropout',
    name: 'Adversarial + dropout',
    group: 'An attack of one step',
    explanation: 'Adversarial images and random units switched off, together.',
    objective: 'J(x̃), pixels and units dropped',
    citedName: 'adversarial back-propagation with dropout',
    firstHalf: 'have become x̃ and lost some pixels',
    uses: ['epsilon', 'dropout'],
    passes: { toWeights: 1, toPixels: 1 },
    paletteIndex: 3,
  },
  mixed: {
    shortName: 'Clean + adversarial',
    name: 'Clean and adversarial loss',
    group: 'An attack of one step',
    explanation: 'Goodfellow’s objective: the weighted sum of the clean and the adversarial loss.',
    objective: 'α J(x) + (1 − α) J(x̃)',
    citedName: 'clean and adversarial loss (Goodfellow et al., arXiv 1412.6572)',
    firstHalf: 'are joined by their x̃',
    uses: ['epsilon', 'cleanLoss'],
    passes: { toWeights: 2, toPixels: 1 },
    paletteIndex: 6,
  },
  'random-start': {
    shortName: 'Random-start FGSM',
    name: 'FGSM with a random start',
    group: 'An attack of one step',
    explanation:
      'One step of 1.25 ε from a random point within ε: at the price of ABP, but with attacks that are harder to predict.',
    objective: 'J(x̃), x̃ one step of 1.25 ε from a random point',
    citedName: 'FGSM with a random start (Wong et al., arXiv 2001.03994)',
    firstHalf: 'have been perturbed by one step from a random start',
    uses: ['epsilon'],
    passes: { toWeights: 1, toPixels: 1 },
    paletteIndex: 7,
  },
  pgd: {
    shortName: 'PGD training',
    name: 'PGD training',
    group: 'An attack of several steps',
    explanation:
      'Trains on a stronger attack of several small steps. Each costs another pass both ways.',
    objective: 'J(x̃), x̃ by several steps up J',
    citedName: 'training on PGD (Madry et al., arXiv 1706.06083)',
    firstHalf: 'have been perturbed by PGD',
    uses: ['epsilon', 'pgd'],
    passes: { toWeights: 1, toPixels: 'pgdSteps' },
    paletteIndex: 5,
  },
  trades: {
    shortName: 'TRADES',
    name: 'TRADES',
    group: 'An attack of several steps',
    explanation:
      'Adds to the loss on clean images β times how far several small steps can move the outputs.',
    objective: 'J(x) + β KL(p(x) ‖ p(x̃)), x̃ by several steps up KL',
    citedName: 'TRADES (Zhang et al., arXiv 1901.08573)',
    firstHalf: 'are joined by the x̃ that move its outputs most',
    uses: ['epsilon', 'pgd', 'divergence'],
    passes: { toWeights: 2, toPixels: 'pgdSteps', forward: 1 },
    paletteIndex: 8,
  },
} satisfies Readonly<Record<string, MethodFacts>>;

export type TrainingMethod = keyof typeof rows;
export const methodFacts: Readonly<Record<TrainingMethod, MethodFacts>> = rows;
export const trainingMethods = Object.keys(rows) as readonly TrainingMethod[];

/** Whether a method uses a part, and with it the part's settings. */
export function methodUses(method: TrainingMethod, part: MethodPart): boolean {
  return methodFacts[method].uses.includes(part);
}

/** The methods that use a part. */
export function methodsWith(part: MethodPart): readonly TrainingMethod[] {
  return trainingMethods.filter((method) => methodUses(method, part));
}

/** The methods to compare a method with: plain, ABP, and the method itself if it is neither. */
export function comparisonOf(method: TrainingMethod): readonly TrainingMethod[] {
  return trainingMethods.filter((one) => ['plain', 'adversarial', method].includes(one));
}

/** The method of a run that is added to runs with these methods: one they lack, the simple ones first. */
export function findNewMethod(used: readonly TrainingMethod[]): TrainingMethod {
  const simple: readonly TrainingMethod[] = ['plain', 'adversarial', 'dropout', 'noise'];
  return [...simple, ...trainingMethods].find((method) => !used.includes(method)) ?? 'adversarial';
}
