import { Progress } from '@mantine/core';
import type { DrawingSearch, SearchResult } from '../../../experiment/drawing/drawingState.ts';
import { pgdSteps } from '../../../experiment/runs/measurements.ts';
import {
  epsilonGrid,
  largestSearched,
  searchStarts,
} from '../../../experiment/queries/smallestEpsilon.ts';
import { type CustomData, nameAnswer } from '../../../domain/dataSet.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import styles from './Attack.module.css';
import { TargetSelect } from './AttackTab.tsx';
import { describeSearch } from './describePredictions.ts';
import { SteadyButton } from '../../../ui/fields/SteadyButton.tsx';
import { type DrawnNetwork, useDrawnData, useNetworks } from './useNetworks.ts';

/** Possible ends of the bars' scale; the smallest one that holds all bars is used. */
const scales = [0.05, 0.1, 0.2, 0.3, 0.5];

/** Searches for the smallest perturbation that changes each network's prediction. */
export function SmallestTab() {
  const lab = useLabActions();
  const networks = useNetworks();
  const dataSet = useDrawnData();
  const target = useLab(({ drawing }) => drawing.attack.target);
  const search = useLab(({ drawing }) => drawing.search);
  const canSearch = useLab(
    ({ drawing }) =>
      drawing.input !== null &&
      drawing.predictedInput === drawing.input &&
      Object.keys(drawing.predictions).length > 0,
  );
  const trial = search?.trial ?? null;
  const tried = networks.find(({ id }) => id === trial?.networkId);
  return (
    <>
      <div className={styles.controls}>
        <TargetSelect />
        <SteadyButton
          size="sm"
          isAvailable={trial !== null || canSearch}
          onPress={() => (trial === null ? lab.drawing.search(target) : lab.drawing.cancelSearch())}
        >
          {trial === null ? 'Find the smallest ε' : 'Stop'}
        </SteadyButton>
        {trial !== null && (
          <>
            <Progress
              className={styles.progress}
              value={100 * trial.done}
              aria-label="Searching for the smallest ε"
              transitionDuration={0}
            />
            <span className={styles.trial}>
              {tried?.name}:{' '}
              {trial.epsilon === null
                ? 'copying the network'
                : `trying ε ${trial.epsilon.toFixed(3)}`}
            </span>
          </>
        )}
      </div>
      {search === null ? (
        <p className={styles.note}>
          {canSearch
            ? 'How much must the pixels change before a network predicts another digit?'
            : 'Draw a digit first.'}
        </p>
      ) : (
        <>
          <p role="status" className={styles.verdict}>
            {trial === null && describeSearch(search, networks, dataSet)}
          </p>
          {search.error !== null && (
            <p role="alert" className={styles.failure}>
              {`The search stopped early. ${search.error.message} ${search.error.remedy}`}
            </p>
          )}
          <Bars search={search} networks={networks} />
        </>
      )}
      <p className={styles.caption}>
        Found by PGD of {pgdSteps} steps from {searchStarts} random starts, pixels clipped to 0–1: ε
        is doubled until the prediction changes, then narrowed down by bisection to 1/{epsilonGrid}.
        At the next smaller multiple of 1/{epsilonGrid}, if there is one, the same attack failed. A
        stronger attack may need less.
      </p>
    </>
  );
}

interface BarsProps {
  readonly search: DrawingSearch;
  readonly networks: readonly DrawnNetwork[];
}

function Bars({ search, networks }: BarsProps) {
  const runs = useLab((state) => state.runs);
  const dataSet = useDrawnData();
  const largest = largestSearched / epsilonGrid;
  const longest = Math.max(
    0,
    ...Object.values(search.results).map(({ found, before }) =>
      before.digit === search.target ? 0 : (found?.epsilon ?? largest),
    ),
  );
  const scale = scales.find((end) => end >= longest) ?? largest;
  return (
    <ul
      className={styles.bars}
      aria-label={`Smallest ε found${search.target === null ? '' : `; target ${nameAnswer(dataSet, search.target)}`}`}
    >
      {networks.map(({ id, name, runStyle }) => {
        const result = search.results[id];
        const step = runs.find((run) => run.id === id)?.progress?.step ?? null;
        const isOld = result !== undefined && result.step !== step;
        const isThere = result !== undefined && result.before.digit === search.target;
        const epsilon = result && !isThere ? (result.found?.epsilon ?? largest) : 0;
        return (
          <li
            key={id}
            className={styles.row}
            data-testid="smallest-epsilon"
            data-epsilon={result?.found?.epsilon}
            data-searched={result !== undefined || undefined}
          >
            <span className={styles.name}>
              <RunSwatch runStyle={runStyle} />
              {name}
            </span>
            <span className={styles.track} aria-hidden="true">
              <span
                className={styles.fill}
                data-open={(result && !isThere && result.found === null) || undefined}
                style={{ width: `${((100 * epsilon) / scale).toFixed(2)}%`, color: runStyle.color }}
              />
            </span>
            <span className={styles.found}>
              {result?.found && (
                <span className={styles.thumbnail}>
                  <DigitImage
                    pixels={result.found.image}
                    label={`The drawing perturbed just enough to fool ${name}`}
                  />
                </span>
              )}
              <span>
                {result ? describeFound(result, search.target, dataSet) : 'Not searched yet'}
                {isOld && (
                  <span className={styles.old}>
                    {' '}
                    The network has been trained further since then.
                  </span>
                )}
              </span>
            </span>
          </li>
        );
      })}
      <li className={styles.row} aria-hidden="true">
        <span />
        <span className={styles.axis}>
          <span>0</span>
          <span>ε {scale}</span>
        </span>
        <span />
      </li>
    </ul>
  );
}

function describeFound(
  { found, before, failedEpsilon }: SearchResult,
  target: number | null,
  dataSet: CustomData | null,
) {
  if (target === before.digit)
    return `It predicts ${nameAnswer(dataSet, target)} without an attack.`;
  if (found === null) {
    return (
      <>
        <strong>none found</strong> up to {failedEpsilon.toFixed(2)}
      </>
    );
  }
  return (
    <>
      <strong>ε {found.epsilon.toFixed(3)}</strong> ({Math.round(found.epsilon * epsilonGrid)}/
      {epsilonGrid}): predicts {nameAnswer(dataSet, found.prediction.digit)}
    </>
  );
}
