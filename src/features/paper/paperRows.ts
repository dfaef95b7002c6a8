import { methodFacts } from '../../domain/settings/methods.ts';
import { type RunConfig, trainingMethods } from '../../domain/settings/config.ts';
import { publishedErrors } from '../../domain/published.ts';
import type { Spread, SummaryRow } from '../../domain/reproduction.ts';
import { networkNames } from '../../ui/networks.ts';
import type { Measure } from './measures.ts';
import { describeEpochs } from '../../domain/settings/settings.ts';
import { describeSize, listDifferences } from './settingTexts.ts';

/** This project's finished runs of a row. */
export interface Reproduced {
  readonly spread: Spread;
  /** One value per seed, in order; empty when only the spread is known. */
  readonly values: readonly number[];
  readonly seeds: readonly number[];
}

/** A network trained by one method with one recipe, and its numbers. */
export interface PaperRow<Own> {
  /** Entry of the plan, or an id made of network and method if the plan has none. */
  readonly id: string;
  readonly networkType: RunConfig['networkType'];
  readonly method: RunConfig['method'];
  /** "ABP". */
  readonly name: string;
  /** "2 × 400, 50 epochs", or '' without a recipe. */
  readonly size: string;
  /** Settings of the plan's first seed, or null when the plan has no such row or no recipe for it yet. */
  readonly config: RunConfig | null;
  /** Whether the pixels of all images are in the same permuted order. */
  readonly isPermuted: boolean;
  /** Whether results/ has or will have files for it. */
  readonly isPlanned: boolean;
  /** The error rate in the paper's abstract, 0 to 1. */
  readonly published: number | null;
  readonly reproduced: Reproduced | null;
  readonly missingSeeds: readonly number[];
  readonly cpuSeconds: number | null;
  readonly own: readonly Own[];
}

/** Rows that share the network, the order of pixels and the length of training. */
export interface PaperGroup<Own> {
  /** "ReLU", "ReLU, 10 epochs"; unique among the groups. */
  readonly title: string;
  /** The size of most rows; rows with another size say it themselves. */
  readonly size: string;
  readonly rows: readonly PaperRow<Own>[];
}

export interface PaperRows<Own> {
  readonly groups: readonly PaperGroup<Own>[];
  /** Descriptions of the plan's rows that are in no group; empty when none is left out. */
  readonly leftOut: readonly string[];
  /** Number of the user's runs that were trained on other data. */
  readonly otherData: number;
}

/** The parts of the user's run that decide which row it belongs to. */
interface Placeable {
  readonly config: RunConfig;
}

/** A row that is still being filled with runs. */
interface Draft<Own> extends PaperRow<Own> {
  readonly own: Own[];
}

/** The paper's networks first. */
const networkOrder: readonly RunConfig['networkType'][] = ['logistic', 'relu', 'tanh', 'maxout'];
/** Rows with at most this fraction of their network's longest training count as short. */
const briefShare = 0.5;

/**
 * All rows about MNIST that have a number from the abstract, from this project's runs or from the user's runs. Rows
 * about other data are excluded, and permuted pixels have their own groups.
 */
export function listPaperRows<Own extends Placeable>(
  summary: readonly SummaryRow[],
  own: readonly Own[],
  measure: Measure,
): PaperRows<Own> {
  const drafts: Draft<Own>[] = summary.flatMap((row) => draftOf<Own>(row, measure) ?? []);
  if (measure.kind === 'clean') addPublished(drafts);
  const onMnist = own.filter(({ config }) => config.dataSet === null);
  for (const one of onMnist) place(one, drafts);

  const shown = drafts.filter(hasNumber);
  const groups = new Map<string, { rank: number[]; rows: Draft<Own>[] }>();
  for (const draft of shown) {
    const { networkType, isPermuted, config } = draft;
    const network = drafts.filter((one) => isSameNetwork(one, draft));
    const longest = Math.max(...network.map((one) => one.config?.epochs ?? 0));
    const epochs = config?.epochs ?? longest;
    const isBrief = config !== null && epochs <= briefShare * longest;
    const title = [
      networkNames[networkType],
      ...(isPermuted ? ['pixels permuted'] : []),
      ...(isBrief ? [describeEpochs(epochs)] : []),
    ].join(', ');
    const rank = [
      networkOrder.indexOf(networkType),
      Number(isPermuted),
      isBrief ? -epochs : -Infinity,
    ];
    const group = groups.get(title) ?? { rank, rows: [] };
    groups.set(title, { ...group, rows: [...group.rows, draft] });
  }
  return {
    groups: [...groups]
      .sort(([, a], [, b]) => compareRanks(a.rank, b.rank))
      .map(([title, { rows }]) => ({ title, size: findCommonSize(rows), rows: sortRows(rows) })),
    leftOut: describeLeftOut(summary, drafts),
    otherData: own.length - onMnist.length,
  };
}

function hasNumber<Own>({ published, reproduced, own }: Draft<Own>): boolean {
  return published !== null || reproduced !== null || own.length > 0;
}

function describeLeftOut<Own>(
  summary: readonly SummaryRow[],
  drafts: readonly Draft<Own>[],
): string[] {
  const say = (count: number, one: string, more: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : more}`];
  const isOther = ({ config }: SummaryRow): boolean => (config?.dataSet ?? null) !== null;
  const unchosen = summary.filter(({ config }) => config === null).length;
  const unmeasured = drafts.filter((one) => !hasNumber(one)).length;
  const others = summary.filter(isOther).length;
  return [
    ...say(
      unmeasured,
      'network that is still to be trained',
      'networks that are still to be trained',
    ),
    ...say(
      unchosen,
      'network whose settings are still to be chosen',
      'networks whose settings are still to be chosen',
    ),
    ...say(others, 'row about other data than MNIST', 'rows about other data than MNIST'),
  ];
}

function draftOf<Own>(row: SummaryRow, measure: Measure): Draft<Own> | null {
  const { config } = row;
  if (config === null || config.dataSet !== null) return null;
  return {
    id: row.entry,
    ...nameRow(config),
    config,
    size: describeSize(config),
    isPermuted: config.permutationSeed !== null,
    isPlanned: true,
    published: measure.kind === 'clean' ? row.paper : null,
    reproduced: findReproduced(row, measure),
    missingSeeds: row.missingSeeds,
    cpuSeconds: row.cpuSeconds,
    own: [],
  };
}

function nameRow({ networkType, method }: Pick<RunConfig, 'networkType' | 'method'>) {
  return { networkType, method, name: methodFacts[method].shortName };
}

function findReproduced({ seeds, clean, values, attacks }: SummaryRow, measure: Measure) {
  if (measure.kind === 'clean') return clean && { spread: clean, values, seeds };
  const found = attacks.find(
    ({ attack }) => JSON.stringify(attack) === JSON.stringify(measure.attack),
  );
  return found === undefined ? null : { spread: found.spread, values: [], seeds };
}

/** Adds the abstract's numbers, even those without a row in the plan. */
function addPublished<Own>(drafts: Draft<Own>[]): void {
  for (const { networkType, method, errorRate } of publishedErrors) {
    const has = drafts.some(
      (one) =>
        one.networkType === networkType && one.method === method && one.published === errorRate,
    );
    if (!has) drafts.push({ ...emptyDraft(networkType, method, false), published: errorRate });
  }
}

function emptyDraft<Own>(
  networkType: RunConfig['networkType'],
  method: RunConfig['method'],
  isPermuted: boolean,
): Draft<Own> {
  return {
    id: `${networkType}-${method}${isPermuted ? '-permuted' : ''}-unplanned`,
    ...nameRow({ networkType, method }),
    isPermuted,
    isPlanned: false,
    config: null,
    size: '',
    published: null,
    reproduced: null,
    missingSeeds: [],
    cpuSeconds: null,
    own: [],
  };
}

/** Puts a run into the row of its network and method with the fewest different settings, the first on a tie. */
function place<Own extends Placeable>(run: Own, drafts: Draft<Own>[]): void {
  const { networkType, method, permutationSeed } = run.config;
  const isPermuted = permutationSeed !== null;
  const candidates = drafts.filter(
    (one) =>
      one.networkType === networkType && one.method === method && one.isPermuted === isPermuted,
  );
  const count = ({ config }: Draft<Own>): number =>
    config === null ? Infinity : listDifferences(run.config, config).length;
  let best = candidates[0];
  for (const one of candidates) if (count(one) < count(best!)) best = one;
  if (best === undefined) {
    best = emptyDraft<Own>(networkType, method, isPermuted);
    drafts.push(best);
  }
  best.own.push(run);
}

function isSameNetwork<Own>(a: Draft<Own>, b: Draft<Own>): boolean {
  return a.networkType === b.networkType && a.isPermuted === b.isPermuted;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place === -1 ? 0 : a[place]! - b[place]!;
}

/** The most frequent size, the first on a tie. */
function findCommonSize(rows: readonly { readonly size: string }[]): string {
  const count = (wanted: string): number => rows.filter(({ size }) => size === wanted).length;
  return rows.reduce((best, { size }) => (count(size) > count(best) ? size : best), rows[0]!.size);
}

function sortRows<Own>(rows: readonly Draft<Own>[]): readonly PaperRow<Own>[] {
  const order: readonly RunConfig['method'][] = trainingMethods;
  return [...rows].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
}
