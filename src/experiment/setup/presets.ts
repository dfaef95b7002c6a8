import {
  defaultConfig,
  type RunConfig,
  type TrainingMethod,
} from '../../domain/settings/config.ts';
import {
  factsOf,
  type ImageShapeName,
  mnistCounts,
  type CustomData,
} from '../../domain/dataSet.ts';
import { describePublished } from '../../domain/published.ts';
import { initialAttackEpsilon } from '../initialAttackEpsilon.ts';
import { draftOf } from './settingsDraft.ts';
import { type EntryChanges, makeSetup, type Setup } from './setup.ts';
import { withData } from './setupData.ts';

/** A predefined experiment. */
export interface Preset {
  readonly id: string;
  readonly name: string;
  /** What the user will see, in a sentence. */
  readonly description: string;
  /** The only data set that it is made for; if absent, it can be trained on any. */
  readonly shape?: ImageShapeName;
  /** The attack ε with the clearest effect, if the page's own does not suit. */
  readonly attackEpsilon?: number;
  readonly shared: Partial<RunConfig>;
  readonly runs: readonly ({ readonly method: TrainingMethod } & Partial<RunConfig>)[];
}

/** Two hidden layers of the paper's likely width; docs/reproduction.md has the minutes that 50 epochs take. */
const paper: Partial<RunConfig> = {
  hiddenLayers: [400, 400],
  learningRate: 5e-4,
  epochs: 50,
};

export const presets = [
  {
    id: 'quick',
    name: 'Quick look',
    description: 'A small network, plain against dropout against ABP. A verdict in seconds.',
    shared: {
      hiddenLayers: [100],
      learningRate: 2e-3,
      epochs: 3,
      trainingSetSize: Math.min(40_000, mnistCounts.training),
    },
    runs: [{ method: 'plain' }, { method: 'dropout' }, { method: 'adversarial' }],
  },
  {
    id: 'paper-relu',
    name: 'Paper: ReLU',
    description: `Rectified linear units, for which the paper reports ${describePublished('relu')} test error.`,
    shared: { ...paper, networkType: 'relu' },
    runs: [{ method: 'plain' }, { method: 'dropout' }, { method: 'adversarial' }],
  },
  {
    id: 'paper-logistic',
    name: 'Paper: logistic',
    description: `Logistic units, for which the paper reports ${describePublished('logistic')} test error.`,
    shared: { ...paper, networkType: 'logistic', learningRate: 1e-3 },
    runs: [{ method: 'plain' }, { method: 'dropout' }, { method: 'adversarial' }],
  },
  {
    id: 'tanh',
    name: 'Tanh',
    description: 'Hyperbolic tangent units.',
    shared: { ...paper, networkType: 'tanh' },
    runs: [{ method: 'plain' }, { method: 'adversarial' }],
  },
  {
    id: 'maxout',
    name: 'Maxout',
    description: 'Units that take the largest of two linear pieces.',
    shared: { ...paper, networkType: 'maxout', hiddenLayers: [240, 240] },
    runs: [{ method: 'plain' }, { method: 'adversarial' }],
  },
  {
    id: 'noise',
    name: 'Is it just noise?',
    description: 'ABP against steps of the same size in random directions.',
    shared: { hiddenLayers: [100], learningRate: 2e-3, epochs: 5 },
    runs: [{ method: 'plain' }, { method: 'noise' }, { method: 'adversarial' }],
  },
  {
    id: 'too-much',
    name: 'Too much ε',
    description:
      'Pixels move so far in training that a network can read the label off the attack: FGSM hardly fools it, PGD always does.',
    attackEpsilon: 0.25,
    shared: { hiddenLayers: [100], learningRate: 2e-3, epochs: 5 },
    runs: [
      { method: 'plain' },
      { method: 'adversarial' },
      { method: 'adversarial', trainingEpsilon: 0.25 },
      { method: 'adversarial', trainingEpsilon: 0.5 },
    ],
  },
  {
    id: 'cifar10',
    name: 'CIFAR-10',
    description:
      'Plain against dropout against ABP, with recipes chosen on held-out images of a tenth of CIFAR-10; and ABP with a larger ε, which did as well there.',
    shape: 'color-32',
    attackEpsilon: 0.02,
    shared: { hiddenLayers: [400, 400], learningRate: 5e-4, epochs: 20 },
    runs: [
      { method: 'plain', learningRate: 1e-4 },
      { method: 'dropout', hiddenDropoutRate: 0.25 },
      { method: 'adversarial', trainingEpsilon: 0.005 },
      { method: 'adversarial', trainingEpsilon: 0.02 },
    ],
  },
] as const satisfies readonly Preset[];
export type PresetId = (typeof presets)[number]['id'];

/** The preset of a first visit. */
const defaultPreset = presets[0];

export function setupOfPreset({ shared, runs }: Preset): Setup {
  const base = draftOf({ ...defaultConfig, ...shared });
  return makeSetup(
    base,
    runs.map((run) => {
      const draft = draftOf({ ...defaultConfig, ...shared, ...run });
      const { method, trainingEpsilon } = draft;
      const own = Object.keys(run).map((field) => [field, draft[field as keyof RunConfig]]);
      return { ...(Object.fromEntries(own) as Partial<EntryChanges>), method, trainingEpsilon };
    }),
  );
}

/** Read once, because the validation of settings takes a noticeable part of the page's start. */
export const defaultSetup = setupOfPreset(defaultPreset);

export function presetOf(id: PresetId): Preset {
  return presets.find((preset) => preset.id === id)!;
}

/** The presets that suit a data set, those made for it first. */
export function presetsFor(dataSet: CustomData | null): readonly (Preset & { id: PresetId })[] {
  const { shape: found } = factsOf(dataSet);
  const all: readonly (Preset & { id: PresetId })[] = presets;
  const made = all.filter(({ shape }) => shape === found);
  return [...made, ...all.filter(({ shape }) => shape === undefined)];
}

/** The preset that a setup equals, except for its data, or null for the user's own setup. */
export function findPreset(setup: Setup): PresetId | null {
  const { dataSet } = setup.shared;
  const text = describe(setup);
  const isIt = (preset: Preset) => describe(withData(setupOfPreset(preset), dataSet)) === text;
  return presetsFor(dataSet).find(isIt)?.id ?? null;
}

/**
 * The attack ε once a preset is selected: the preset's own; if it has none, the page's default replaces one that
 * came with the previous preset, and otherwise the user's choice stays.
 */
export function attackEpsilonWith(
  preset: Preset,
  { setup, attackEpsilon }: { readonly setup: Setup; readonly attackEpsilon: number },
): number {
  if (preset.attackEpsilon !== undefined) return preset.attackEpsilon;
  const former = findPreset(setup);
  const cameWithFormer = former !== null && attackEpsilon === presetOf(former).attackEpsilon;
  return cameWithFormer ? initialAttackEpsilon : attackEpsilon;
}

function describe({ entries }: Setup): string {
  return JSON.stringify(
    entries.map(({ settings }) =>
      Object.entries(settings.draft).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
}
