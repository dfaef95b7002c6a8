import { laterCode, publishedInWords } from '../../domain/published.ts';
import type { Measure } from './measures.ts';
import type { PaperGroup, PaperRow } from './paperRows.ts';
import { formatRate, formatSpread } from './rates.ts';
import { describeEpochs, describeLayers } from '../../domain/settings/settings.ts';

type Row = PaperRow<unknown>;
type Finished = Row & { readonly reproduced: NonNullable<Row['reproduced']> };

export interface Measurement {
  /** Sentences about what the numbers show. */
  readonly findings: readonly string[];
  /** What the findings are based on, and remarks without numbers. */
  readonly notes: readonly string[];
}

/**
 * The findings of this project's runs, one sentence each; every figure is computed from the rows. Rows without runs
 * are not mentioned.
 */
export function readRows(groups: readonly PaperGroup<unknown>[], measure: Measure): Measurement {
  const readings = groups.map((group) => ({
    pair: findPair(group),
    published: measure.kind === 'clean' ? comparePublished(group) : null,
    title: group.title,
  }));
  const isMissed = readings.some(({ published }) => published?.isReached === false);
  return {
    findings: readings.flatMap(({ title, pair, published }) => {
      const sentences = [
        ...(pair === null ? [] : [comparePair(pair, measure)]),
        ...(pair === null ? [] : findOpposite(pair, readings)),
        ...(published === null ? [] : [published.text]),
      ];
      return sentences.length === 0 ? [] : [`${title}: ${sentences.join(' ')}`];
    }),
    notes: [
      ...(isMissed ? [whatDiffers] : []),
      ...(measure.kind === 'attacked' ? warnings(measure) : []),
      publishedInWords,
    ],
  };
}

const whatDiffers = `The abstract states no recipe. The author’s code for a later paper (${laterCode.name}) has hidden layers of ${describeLayers(laterCode.hiddenLayers)} and trains for ${describeEpochs(laterCode.epochs)}. docs/reproduction.md, in this project’s source, says what else differs.`;

function warnings({ attack }: Extract<Measure, { kind: 'attacked' }>): string[] {
  return [
    'The abstract says that resistance rises, and gives no number: it has no mark here.',
    attack.kind === 'pgd'
      ? 'A low error under this attack proves nothing about stronger ones.'
      : 'One step is a weak attack: compare under PGD before you call a low error resistance.',
  ];
}

/** If ABP never has the lower error in a pair: a longer training of the same units in which it always has. */
function findOpposite(
  { plain, adversarial }: Pair,
  readings: readonly { readonly title: string; readonly pair: Pair | null }[],
): string[] {
  const countBelow = (pair: Pair): number =>
    pairSeeds(pair.plain.reproduced, pair.adversarial.reproduced).filter((one) => one < 0).length;
  const isAlways = (pair: Pair): boolean =>
    countBelow(pair) === pair.adversarial.reproduced.seeds.length;
  if (countBelow({ plain, adversarial }) > 0) return [];
  const longer = readings.find(
    ({ pair }) =>
      pair !== null &&
      pair.adversarial.networkType === adversarial.networkType &&
      (pair.adversarial.config?.epochs ?? 0) > (adversarial.config?.epochs ?? 0) &&
      isAlways(pair),
  );
  return longer?.pair ? [`With ${longer.pair.adversarial.size} it is the other way round.`] : [];
}

interface Pair {
  readonly plain: Finished;
  readonly adversarial: Finished;
}

/** Plain and ABP of the same size. */
function findPair({ rows }: PaperGroup<unknown>): Pair | null {
  const finished = rows.filter((row): row is Finished => row.reproduced !== null);
  for (const adversarial of finished) {
    if (adversarial.method !== 'adversarial') continue;
    const plain = finished.find(
      ({ method, size }) => method === 'plain' && size === adversarial.size,
    );
    if (plain !== undefined) return { plain, adversarial };
  }
  return null;
}

function comparePair({ plain, adversarial }: Pair, measure: Measure): string {
  const means = `${formatSpread(adversarial.reproduced.spread, measure)} against ${formatSpread(plain.reproduced.spread, measure)}`;
  const differences = pairSeeds(plain.reproduced, adversarial.reproduced);
  if (differences.length === 0) return `ABP ${means} with plain back-propagation.`;
  const below = differences.filter((difference) => difference < 0).length;
  const missing = new Set([...plain.missingSeeds, ...adversarial.missingSeeds]).size;
  const open = missing === 0 ? '' : `; ${missing} more to be run`;
  const count =
    differences.length === 1
      ? `${below === 1 ? 'below' : 'not below'} plain with the one seed of both`
      : `below plain in ${below} of ${differences.length} pairs of equal seeds`;
  return `ABP is ${count}, ${means}${open}.`;
}

/** ABP's error minus plain's, for every seed that both have. */
function pairSeeds(plain: Finished['reproduced'], adversarial: Finished['reproduced']): number[] {
  return adversarial.values.flatMap((value, index) => {
    const other = plain.values[plain.seeds.indexOf(adversarial.seeds[index]!)];
    return other === undefined ? [] : [value - other];
  });
}

/** The paper's figure for ABP and every row that tries to reach it; no row is selected by its test error. */
function comparePublished({
  rows,
}: PaperGroup<unknown>): { isReached: boolean; text: string } | null {
  const trying = rows.filter(
    ({ method, published, reproduced, missingSeeds }) =>
      method === 'adversarial' &&
      published !== null &&
      (reproduced !== null || missingSeeds.length > 0),
  );
  const finished = trying.filter((row): row is Finished => row.reproduced !== null);
  if (finished.length === 0) return null;
  const clean: Measure = { kind: 'clean' };
  const goal = finished[0]!.published!;
  const isAtGoal = ({ reproduced: { spread } }: Finished): boolean => spread.mean <= goal + 1e-9;
  const found = finished.map((row) => {
    const { spread, seeds } = row.reproduced;
    const points = (100 * (spread.mean - goal)).toFixed(2);
    const outcome = isAtGoal(row) ? 'reached' : `missed by ${points} points`;
    const count = seeds.length === 1 ? '1 seed' : `${seeds.length} seeds`;
    return `${outcome} with ${formatSpread(spread, clean)} (${row.size}, ${count})`;
  });
  const open = trying
    .filter(({ missingSeeds }) => missingSeeds.length > 0)
    .map(
      ({ size, reproduced }) => `${size} is ${reproduced === null ? 'not' : 'not wholly'} run yet`,
    );
  return {
    isReached: finished.every(isAtGoal),
    text: `The paper’s ${formatRate(goal, clean)} is ${[found.join(' and '), ...open].join('; ')}.`,
  };
}
