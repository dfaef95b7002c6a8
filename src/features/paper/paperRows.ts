import { shortNames } from '../../experiment/setup/names.ts';
import { type RunConfig, trainingMethods } from '../../domain/settings/config.ts';
import { publishedErrors } from '../../domain/published.ts';
import type { Spread, SummaryRow } from '../../domain/reproduction.ts';
import { networkNames } from '../../ui/networks.ts';
import type { Measure } from './measures.ts';
import { describeEpochs } from '../../domain/settings/settings.ts';
import { describeSize, listDifferences } from './settingTexts.ts';

/** This project's runs of a row, as far as they are finished. */
export interface Reproduced {
  readonly spread: Spread;
  /** Of each seed, in their order; empty where only the spread is known. */
  readonly values: readonly number[];
  readonly seeds: readonly number[];
}

/** A network trained by one method with one recipe, and the numbers that there are of it. */
export interface PaperRow<Own> {
  /** Entry of the plan; made of network and method where the plan has none. */
  readonly id: string;
  readonly networkType: RunConfig['networkType'];
  readonly method: RunConfig['method'];
  /** "ABP". */
  readonly name: string;
  /** "2 × 400, 50 epochs"; empty without a recipe. */
  readonly size: string;
  /** Of the plan's first seed; null where the plan has no such row, or no recipe for it yet. */
  readonly config: RunConfig | null;
  /** Whether every image's pixels are in the same other order. */
  readonly isPermuted: boolean;
  /** Whether results/ has files of it, or will have. */
  readonly isPlanned: boolean;
  /** What the abstract states, 0 to 1. */
  readonly published: number | null;
  readonly reproduced: Reproduced | null;
  readonly missingSeeds: readonly number[];
  readonly cpuSeconds: number | null;
  readonly own: readonly Own[];
}

/** Rows that share network, order of pixels and length of training. */
export interface PaperGroup<Own> {
  /** "ReLU", "ReLU, 10 epochs"; tells it from the others. */
  readonly title: string;
  /** Size of most of its rows; the others say theirs. */
  readonly size: string;
  readonly rows: readonly PaperRow<Own>[];
}

export interface PaperRows<Own> {
  readonly groups: readonly PaperGroup<Own>[];
  /** Rows of the plan that stand in no group, in words; empty when none is left out. */
  readonly leftOut: readonly string[];
  /** A person's runs that were trained on other data. */
  readonly otherData: number;
}

/** A person's run as far as it decides where it stands. */
interface Placeable {
  readonly config: RunConfig;
}

/** A row that runs are still being put into. */
interface Draft<Own> extends PaperRow<Own> {
  readonly own: Own[];
}

/** The paper's networks first. */
const networkOrder: readonly RunConfig['networkType'][] = ['logistic', 'relu', 'tanh', 'maxout'];
/** Rows with at most this share of their network's longest training are trained briefly. */
const briefShare = 0.5;

/**
 * All rows about MNIST that have a number: of the abstract, of this project's runs, or of a person's. A row about
 * other data never gets in, and permuted pixels have groups of their own.
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
  return { networkType, method, name: shortNames[method] };
}

function findReproduced({ seeds, clean, values, attacks }: SummaryRow, measure: Measure) {
  if (measure.kind === 'clean') return clean && { spread: clean, values, seeds };
  const found = attacks.find(
    ({ attack }) => JSON.stringify(attack) === JSON.stringify(measure.attack),
  );
  return found === undefined ? null : { spread: found.spread, values: [], seeds };
}

/** The abstract's numbers stand here whatever the plan has. */
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
    ...{ isPermuted, isPlanned: false, config: null, size: '', published: null },
    ...{ reproduced: null, missingSeeds: [], cpuSeconds: null, own: [] },
  };
}

/** Puts a run into the row of its network and method with the fewest other settings; the first of equal ones. */
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

/** The first of the most frequent ones. */
function findCommonSize(rows: readonly { readonly size: string }[]): string {
  const count = (wanted: string): number => rows.filter(({ size }) => size === wanted).length;
  return rows.reduce((best, { size }) => (count(size) > count(best) ? size : best), rows[0]!.size);
}

function sortRows<Own>(rows: readonly Draft<Own>[]): readonly PaperRow<Own>[] {
  const order: readonly RunConfig['method'][] = trainingMethods;
  return [...rows].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
}
