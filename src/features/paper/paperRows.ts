import { methodFacts } from '../../domain/settings/methods.ts';
import { type RunConfig, trainingMethods } from '../../domain/settings/config.ts';
import { publishedErrors } from '../../domain/published.ts';
import type { Spread, SummaryRow } from '../../domain/reproduction.ts';
import { describeEpochs, describeLayers } from '../../domain/settings/settings.ts';
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

/** How robust the network of a row's first seed is. */
export type RowRobustness = NonNullable<SummaryRow['robustness']> & {
  readonly seed: number;
  /** Its test error without attack, on all test images. */
  readonly clean: number | null;
};

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
  /** The error rate in the paper's abstract, 0 to 1; null under attack. */
  readonly published: number | null;
  /** Whether the abstract has an error rate for it, whatever is shown. */
  readonly isPublished: boolean;
  readonly reproduced: Reproduced | null;
  readonly missingSeeds: readonly number[];
  readonly cpuSeconds: number | null;
  readonly robustness: RowRobustness | null;
  readonly own: readonly OwnPoint[];
}

/** Networks that the plan compares with each other: of the same units, the same order of pixels, about the same size. */
export interface PaperGroup {
  /** "ReLU 2 × 400, 50 epochs"; unique among the groups. */
  readonly title: string;
  /** The size in the title; rows with another size say it themselves. */
  readonly size: string;
  /** Whether the abstract has a figure for one of its rows. */
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
  /** Names the plan's comparison that it belongs to. */
  readonly comparison: string;
}

/** As in the abstract. */
const networkOrder: readonly RunConfig['networkType'][] = ['relu', 'logistic', 'tanh', 'maxout'];
const methodOrder: readonly RunConfig['method'][] = trainingMethods;

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

  return {
    groups: groupRows(drafts),
    others: others.length === 0 ? null : groupOthers(others),
    leftOut: describeLeftOut(summary, drafts),
    otherData: own.length - onMnist.length,
  };
}

/**
 * Groups with figures of the abstract come first; groups of the same units are in the plan's order. A title also counts
 * the rows that are left out because they have no number yet, so it stays as it is when they get one.
 */
function groupRows(drafts: readonly Draft[]): PaperGroup[] {
  const comparisons = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = [draft.networkType, draft.isPermuted, draft.comparison].join(' ');
    comparisons.set(key, [...(comparisons.get(key) ?? []), draft]);
  }
  const groups = [...comparisons.values()].map((rows) => {
    const { networkType, isPermuted, comparison } = rows[0]!;
    const isMain = !isPermuted && rows.some(({ isPublished }) => isPublished);
    const size = describeSizes(rows);
    const sized = [networkNames[networkType], size].filter((text) => text !== '').join(' ');
    return {
      title: isPermuted ? `${sized}, pixels permuted` : sized,
      comparison,
      size,
      isMain,
      rank: [Number(!isMain), networkOrder.indexOf(networkType), Number(isPermuted)],
      rows: rows
        .filter(hasNumber)
        .toSorted((a, b) => methodOrder.indexOf(a.method) - methodOrder.indexOf(b.method)),
    };
  });
  return groups
    .filter(({ rows }) => rows.length > 0)
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ title, comparison, size, isMain, rows }) => {
      const isUnique = groups.filter((other) => other.title === title).length === 1;
      return { title: isUnique ? title : `${title} (${comparison})`, size, isMain, rows };
    });
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
  const draft = emptyDraft(config.networkType, config.method, config.permutationSeed !== null);
  return {
    ...draft,
    id: row.entry,
    name: config.weightDecay > 0 ? `${draft.name} + weight decay` : draft.name,
    comparison: findComparison(row.entry),
    isPublished: row.paper !== null,
    config,
    size: describeSize(config),
    published: measure.attack === null ? row.paper : null,
    reproduced: findReproduced(row, measure),
    missingSeeds: row.missingSeeds,
    cpuSeconds: row.cpuSeconds,
    robustness: row.robustness && {
      ...row.robustness,
      seed: config.seed,
      clean: row.values[row.seeds.indexOf(config.seed)] ?? null,
    },
  };
}

/** The plan's ids begin with a name of what is compared; those of brief runs end in "-short". */
function findComparison(entry: string): string {
  const name = entry.split('-', 1)[0]!;
  return entry.endsWith('-short') ? `${name}, short` : name;
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
    if (has) continue;
    const draft = emptyDraft(networkType, method, false);
    const other = drafts.find((one) => one.networkType === networkType && one.isPublished);
    const comparison = other?.comparison ?? draft.comparison;
    drafts.push({ ...draft, comparison, isPublished: true, published });
  }
}

function emptyDraft(
  networkType: RunConfig['networkType'],
  method: RunConfig['method'],
  isPermuted: boolean,
): Draft {
  return {
    comparison: '',
    id: `${networkType}-${method}${isPermuted ? '-permuted' : ''}-unplanned`,
    networkType,
    method,
    name: methodFacts[method].shortName,
    size: '',
    config: null,
    isPermuted,
    published: null,
    isPublished: false,
    reproduced: null,
    missingSeeds: [],
    cpuSeconds: null,
    robustness: null,
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

/** The size of most rows; if no size is that frequent, "2 × 400, 150 to 300 epochs". */
function describeSizes(rows: readonly PaperRow[]): string {
  const configs = rows.flatMap(({ config }) => config ?? []);
  const sizes = configs.map(describeSize);
  const usual = sizes.find((size) => 2 * sizes.filter((one) => one === size).length > sizes.length);
  if (usual !== undefined || configs.length === 0) return usual ?? '';
  const layers = new Set(configs.map(({ hiddenLayers }) => describeLayers(hiddenLayers)));
  const epochs = configs.map((config) => config.epochs);
  const [least, most] = [Math.min(...epochs), Math.max(...epochs)];
  const range = least === most ? describeEpochs(most) : `${least} to ${describeEpochs(most)}`;
  return `${[...layers].join(' and ')}, ${range}`;
}
