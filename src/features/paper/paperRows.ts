import { methodFacts } from '../../domain/settings/methods.ts';
import { type RunConfig, trainingMethods } from '../../domain/settings/config.ts';
import { publishedErrors } from '../../domain/published.ts';
import type { Spread, SummaryRow } from '../../domain/reproduction.ts';
import { describeEpochs } from '../../domain/settings/settings.ts';
import { networkNames } from '../../ui/networks.ts';
import type { Measure } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import { describeSize, hasRowSettings } from './sources.ts';

export interface Reproduced {
  readonly spread: Spread;
  /** One value per seed, in order; empty when only the spread is known. */
  readonly values: readonly number[];
  readonly seeds: readonly number[];
}

/** A network trained by one method with one recipe, and its numbers. */
export interface PaperRow {
  /** Entry of the plan, or an id made of network and method if the plan has none. */
  readonly id: string;
  readonly networkType: RunConfig['networkType'];
  readonly method: RunConfig['method'];
  readonly name: string;
  /** "2 × 400, 50 epochs", or '' without a recipe. */
  readonly size: string;
  /** Settings of the plan's first seed; null when the plan has no such row. */
  readonly config: RunConfig | null;
  readonly isPermuted: boolean;
  /** The error rate in the paper's abstract, 0 to 1. */
  readonly published: number | null;
  readonly reproduced: Reproduced | null;
  readonly missingSeeds: readonly number[];
  readonly cpuSeconds: number | null;
  readonly own: readonly OwnPoint[];
}

/** Rows that share the network, the order of pixels and the length of training. */
export interface PaperGroup {
  /** "ReLU", "ReLU, 10 epochs"; unique among the groups. */
  readonly title: string;
  /** The size of most rows; rows with another size say it themselves. */
  readonly size: string;
  /** Whether the abstract is about this network and its training is a long one, as the paper's must have been. */
  readonly isMain: boolean;
  readonly rows: readonly PaperRow[];
}

export interface PaperRows {
  readonly groups: readonly PaperGroup[];
  /** The user's runs that have no row's settings: they can be compared with each other only. Null if there are none. */
  readonly others: PaperGroup | null;
  readonly leftOut: readonly string[];
  /** Number of the user's runs that were trained on other data. */
  readonly otherData: number;
}

/** A row that is still being filled with runs. */
interface Draft extends PaperRow {
  readonly own: OwnPoint[];
}

/** The paper's networks first. */
const networkOrder: readonly RunConfig['networkType'][] = ['logistic', 'relu', 'tanh', 'maxout'];
const methodOrder: readonly RunConfig['method'][] = trainingMethods;
/** Rows with at most this fraction of their network's longest training count as short. */
const briefShare = 0.5;

/**
 * All rows about MNIST that have a number from the abstract or from this project's runs, with the user's runs of the
 * same settings. Permuted pixels have their own groups.
 */
export function listPaperRows(
  summary: readonly SummaryRow[],
  own: readonly OwnPoint[],
  measure: Measure,
): PaperRows {
  const drafts = summary.flatMap((row) => draftOf(row, measure) ?? []);
  if (measure.attack === null) addPublished(drafts);
  const onMnist = own.filter(({ config }) => config.dataSet === null);
  const others: OwnPoint[] = [];
  for (const point of onMnist) (findRow(point, drafts)?.own ?? others).push(point);

  const groups = new Map<string, Pick<PaperGroup, 'isMain'> & { rank: number[]; rows: Draft[] }>();
  for (const draft of drafts.filter(hasNumber)) {
    const { networkType, isPermuted, config } = draft;
    const network = drafts.filter(
      (one) => one.networkType === networkType && one.isPermuted === isPermuted,
    );
    const longest = Math.max(...network.map((one) => one.config?.epochs ?? 0));
    const epochs = config?.epochs ?? longest;
    const isBrief = config !== null && epochs <= briefShare * longest;
    const parts = [networkNames[networkType]];
    if (isPermuted) parts.push('pixels permuted');
    if (isBrief) parts.push(describeEpochs(epochs));
    const title = parts.join(', ');
    const order = [networkOrder.indexOf(networkType), Number(isPermuted)];
    const group = groups.get(title) ?? {
      rank: [...order, isBrief ? -epochs : -Infinity],
      isMain: !isBrief && !isPermuted && isPublished(networkType),
      rows: [],
    };
    group.rows.push(draft);
    groups.set(title, group);
  }
  return {
    groups: [...groups]
      .sort(([, a], [, b]) => compareRanks(a.rank, b.rank))
      .map(([title, { rows, isMain }]) => ({
        title,
        size: findCommonSize(rows),
        isMain,
        rows: rows.sort((a, b) => methodOrder.indexOf(a.method) - methodOrder.indexOf(b.method)),
      })),
    others: others.length === 0 ? null : groupOthers(others),
    leftOut: describeLeftOut(summary, drafts),
    otherData: own.length - onMnist.length,
  };
}

function isPublished(networkType: RunConfig['networkType']): boolean {
  return publishedErrors.some((one) => one.networkType === networkType);
}

function hasNumber({ published, reproduced, own }: Draft): boolean {
  return published !== null || reproduced !== null || own.length > 0;
}

/** One row for each run, which says its settings itself. */
function groupOthers(points: readonly OwnPoint[]): PaperGroup {
  const rows = points.map((point) => {
    const { networkType, method, permutationSeed } = point.config;
    return {
      ...emptyDraft(networkType, method, permutationSeed !== null),
      id: `own-${point.id}`,
      name: point.name,
      size: `${networkNames[networkType]} ${describeSize(point.config)}`,
      own: [point],
    };
  });
  return { title: 'Your runs with other settings', size: '', isMain: true, rows };
}

function describeLeftOut(summary: readonly SummaryRow[], drafts: readonly Draft[]): string[] {
  const say = (count: number, one: string, more: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : more}`];
  return [
    ...say(
      drafts.filter((one) => !hasNumber(one)).length,
      'network that is still to be trained',
      'networks that are still to be trained',
    ),
    ...say(
      summary.filter(({ config }) => config === null).length,
      'network whose settings are still to be chosen',
      'networks whose settings are still to be chosen',
    ),
    ...say(
      summary.filter(({ config }) => config !== null && config.dataSet !== null).length,
      'row about data other than MNIST',
      'rows about data other than MNIST',
    ),
  ];
}

function draftOf(row: SummaryRow, measure: Measure): Draft | null {
  const { config } = row;
  if (config === null || config.dataSet !== null) return null;
  return {
    ...emptyDraft(config.networkType, config.method, config.permutationSeed !== null),
    id: row.entry,
    config,
    size: describeSize(config),
    published: measure.attack === null ? row.paper : null,
    reproduced: findReproduced(row, measure),
    missingSeeds: row.missingSeeds,
    cpuSeconds: row.cpuSeconds,
  };
}

function findReproduced(
  { seeds, clean, values, attacks }: SummaryRow,
  measure: Measure,
): Reproduced | null {
  if (measure.attack === null) return clean && { spread: clean, values, seeds };
  const wanted = JSON.stringify(measure.attack);
  const found = attacks.find(({ attack }) => JSON.stringify(attack) === wanted);
  return found === undefined ? null : { spread: found.spread, values: [], seeds };
}

function addPublished(drafts: Draft[]): void {
  for (const { networkType, method, errorRate: published } of publishedErrors) {
    const has = drafts.some(
      (one) =>
        one.networkType === networkType && one.method === method && one.published === published,
    );
    if (!has) drafts.push({ ...emptyDraft(networkType, method, false), published });
  }
}

function emptyDraft(
  networkType: RunConfig['networkType'],
  method: RunConfig['method'],
  isPermuted: boolean,
): Draft {
  return {
    id: `${networkType}-${method}${isPermuted ? '-permuted' : ''}-unplanned`,
    networkType,
    method,
    name: methodFacts[method].shortName,
    size: '',
    config: null,
    isPermuted,
    published: null,
    reproduced: null,
    missingSeeds: [],
    cpuSeconds: null,
    own: [],
  };
}

/** The row that a run can be compared with: it has the same settings but for the seed. */
function findRow(point: OwnPoint, drafts: readonly Draft[]): Draft | undefined {
  const { networkType, method } = point.config;
  return drafts.find(
    (one) => one.networkType === networkType && one.method === method && hasRowSettings(point, one),
  );
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

/** The most frequent size, the first on a tie. */
function findCommonSize(rows: readonly { readonly size: string }[]): string {
  const count = (wanted: string): number => rows.filter(({ size }) => size === wanted).length;
  return rows.reduce((best, { size }) => (count(size) > count(best) ? size : best), rows[0]!.size);
}
