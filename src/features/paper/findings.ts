import { laterCode, publishedInWords } from '../../domain/published.ts';
import { describeEpochs, describeLayers } from '../../domain/settings/settings.ts';
import { cleanMeasure, formatRate, formatSpread, type Measure } from './measures.ts';
import type { PaperGroup, PaperRow } from './paperRows.ts';

type Finished = PaperRow & { readonly reproduced: NonNullable<PaperRow['reproduced']> };

export interface Reading {
  /** About the networks of the abstract. */
  readonly findings: readonly string[];
  /** About other networks and shorter trainings. */
  readonly further: readonly string[];
  /** What the findings are based on, and remarks without numbers. */
  readonly notes: readonly string[];
}

/**
 * The findings of this project's runs, one sentence each; every figure is computed from the rows. Rows without runs
 * are not mentioned.
 */
export function readRows(groups: readonly PaperGroup[], measure: Measure): Reading {
  const pairs = groups.map(findPair);
  const published = groups.map((group) =>
    measure.attack === null ? comparePublished(group) : null,
  );
  const isMissed = published.some((one) => one?.isReached === false);
  const all = groups.flatMap(({ title, isMain }, index) => {
    const pair = pairs[index]!;
    const sentences =
      pair === null ? [] : [comparePair(pair, measure), ...findOpposite(pair, pairs)];
    sentences.push(...(published[index]?.sentences ?? []));
    return sentences.length === 0 ? [] : [{ isMain, text: `${title}: ${sentences.join(' ')}` }];
  });
  return {
    findings: all.filter(({ isMain }) => isMain).map(({ text }) => text),
    further: all.filter(({ isMain }) => !isMain).map(({ text }) => text),
    notes: [...(isMissed ? [whatDiffers] : []), ...warnings(measure), publishedInWords],
  };
}

const whatDiffers = `The abstract gives no recipe. The author’s code for a later paper (${laterCode.name}) has hidden layers of ${describeLayers(laterCode.hiddenLayers)} and trains for ${describeEpochs(laterCode.epochs)}. docs/reproduction.md, in this project’s source, says what else differs.`;

function warnings({ attack }: Measure): string[] {
  if (attack === null) return [];
  return [
    'The abstract says that resistance rises but gives no number, so the paper has no mark here.',
    attack.kind === 'pgd'
      ? 'A low error under this attack proves nothing about stronger ones.'
      : 'One step is a weak attack: compare under PGD before you call a low error resistance.',
  ];
}

/** Plain and ABP of the same size. */
interface Pair {
  readonly plain: Finished;
  readonly adversarial: Finished;
  /** ABP's error minus plain's, for every seed that both have. */
  readonly differences: readonly number[];
  /** In how many of them ABP has the lower error. */
  readonly below: number;
}

function findPair({ rows }: PaperGroup): Pair | null {
  const finished = rows.filter((row): row is Finished => row.reproduced !== null);
  for (const adversarial of finished) {
    if (adversarial.method !== 'adversarial') continue;
    const plain = finished.find(
      ({ method, size }) => method === 'plain' && size === adversarial.size,
    );
    if (plain === undefined) continue;
    const { seeds, values } = plain.reproduced;
    const differences = adversarial.reproduced.values.flatMap((value, index) => {
      const other = values[seeds.indexOf(adversarial.reproduced.seeds[index]!)];
      return other === undefined ? [] : [value - other];
    });
    const below = differences.filter((difference) => difference < 0).length;
    return { plain, adversarial, differences, below };
  }
  return null;
}

/** If ABP never has the lower error in a pair: a longer training of the same units in which it always has. */
function findOpposite({ adversarial, below }: Pair, pairs: readonly (Pair | null)[]): string[] {
  if (below > 0) return [];
  const longer = pairs.find(
    (pair) =>
      pair !== null &&
      pair.adversarial.networkType === adversarial.networkType &&
      (pair.adversarial.config?.epochs ?? 0) > (adversarial.config?.epochs ?? 0) &&
      pair.below === pair.adversarial.reproduced.seeds.length,
  );
  return longer ? [`With ${longer.adversarial.size} it is the other way around.`] : [];
}

function comparePair({ plain, adversarial, differences, below }: Pair, measure: Measure): string {
  const means = `${formatSpread(adversarial.reproduced.spread, measure)} against ${formatSpread(plain.reproduced.spread, measure)}`;
  if (differences.length === 0) return `ABP ${means} with plain back-propagation.`;
  const missing = new Set([...plain.missingSeeds, ...adversarial.missingSeeds]).size;
  const open = missing === 0 ? '' : `; ${missing} more to be run`;
  const count =
    differences.length === 1
      ? `${below === 1 ? 'below' : 'not below'} plain with the one seed of both`
      : `below plain in ${below} of ${differences.length} pairs of equal seeds`;
  return `ABP is ${count}, ${means}${open}.`;
}

/** The paper's figure for ABP and every row that tries to reach it; no row is selected by its test error. */
function comparePublished({
  rows,
}: PaperGroup): { isReached: boolean; sentences: string[] } | null {
  const trying = rows.filter(
    ({ method, published, config }) =>
      method === 'adversarial' && published !== null && config !== null,
  );
  const finished = trying.filter((row): row is Finished => row.reproduced !== null);
  if (finished.length === 0) return null;
  const goal = finished[0]!.published!;
  const isAtGoal = ({ reproduced: { spread } }: Finished): boolean => spread.mean <= goal + 1e-9;
  const found = finished.map((row) => {
    const { spread, seeds } = row.reproduced;
    const points = (100 * (spread.mean - goal)).toFixed(2);
    const outcome = isAtGoal(row) ? 'reached' : `missed by ${points} points`;
    const count = seeds.length === 1 ? '1 seed' : `${seeds.length} seeds`;
    return `${outcome} with ${formatSpread(spread, cleanMeasure)} (${row.size}, ${count})`;
  });
  const open = trying
    .filter(({ missingSeeds }) => missingSeeds.length > 0)
    .map(
      ({ size, reproduced }) => `${size} is ${reproduced === null ? 'not' : 'only partly'} run yet`,
    );
  const outcomes = [found.join(' and '), ...open].join('; ');
  return {
    isReached: finished.every(isAtGoal),
    sentences: [`The paper’s ${formatRate(goal, cleanMeasure)} is ${outcomes}.`],
  };
}
