import { Button, NativeSelect } from '@mantine/core';
import { type CSSProperties, useCallback, useMemo, useState } from 'react';
import { shownNetworks } from '../../../experiment/runs/answering.ts';
import type { ExampleFilter, LabState } from '../../../experiment/state.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { useLabList } from '../../../experiment/useLabList.ts';
import { classCount, nameClass, type CustomData } from '../../../domain/dataSet.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { formatEpsilon, keepTogether } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { findPerturbationGain } from '../../../ui/images/pixels.ts';
import { styleOf } from '../../../ui/runStyles.ts';
import { countRight, describeTallies, selectExamples } from './predictions.ts';
import { type ShownRun, ExampleDigit } from './ExampleDigit.tsx';
import { ExampleTile } from './ExampleTile.tsx';
import styles from './Examples.module.css';
import { PixelPlaces } from './PixelPlaces.tsx';
import { PretrainedNote } from './PretrainedNote.tsx';

const filterOptions: { value: ExampleFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'fooled-any', label: 'Fools at least one network' },
  { value: 'fooled-all', label: 'Fools every network' },
  { value: 'fooled-none', label: 'Fools none' },
];
function listClasses(dataSet: CustomData | null) {
  const all = { value: '', label: dataSet === null ? 'All digits' : 'All classes' };
  const only = (label: number) => ({
    value: String(label),
    label: `Only ${nameClass(dataSet, label)}`,
  });
  return [all, ...Array.from({ length: classCount }, (_, label) => only(label))];
}

/** The word for test images; only MNIST's images are digits. */
function useImageWord(): 'digit' | 'image' {
  return useLab(({ customData }) => (customData.loaded === null ? 'digit' : 'image'));
}

/** Test digits before and after an attack on the current network of each run. */
export function ExamplesPanel() {
  const lab = useLabActions();
  const word = useImageWord();
  return (
    <Panel
      title="Examples"
      actions={
        <>
          <Filters />
          <Button variant="default" onClick={() => lab.nextExamples()}>
            Other {word}s
          </Button>
        </>
      }
    >
      <Digits />
    </Panel>
  );
}

function Filters() {
  const lab = useLabActions();
  const { exampleFilter, exampleDigit } = useLab((state) => state.view);
  const dataSet = useLab(({ customData }) => customData.loaded);
  return (
    <>
      <NativeSelect
        aria-label="Examples by outcome"
        data={filterOptions}
        value={exampleFilter}
        onChange={(event) =>
          lab.changeView({ exampleFilter: event.currentTarget.value as ExampleFilter })
        }
      />
      <NativeSelect
        aria-label={dataSet === null ? 'Examples by digit' : 'Examples by class'}
        data={listClasses(dataSet)}
        value={exampleDigit ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          lab.changeView({ exampleDigit: value === '' ? null : Number(value) });
        }}
      />
    </>
  );
}

function Digits() {
  const lab = useLabActions();
  const images = useLab((state) => state.examples.images);
  const results = useLab((state) => state.examples.results);
  const error = useLab((state) => state.examples.error);
  const { exampleFilter, exampleDigit } = useLab((state) => state.view);
  const dataSet = useLab(({ customData }) => customData.loaded);
  const runs = useShownRuns();
  const word = useImageWord();
  const [opened, setOpened] = useState<number | null>(null);
  const [isRestored, setRestored] = useState(false);
  const open = useCallback(
    (index: number) => setOpened((before) => (before === index ? null : index)),
    [],
  );
  const selected = useMemo(
    () =>
      images === null
        ? []
        : selectExamples(images.labels, Object.values(results), exampleFilter, exampleDigit),
    [images, results, exampleFilter, exampleDigit],
  );

  if (images === null) {
    return (
      <p className={styles.note}>
        {error === null ? 'Loading the test images…' : 'The test images could not be loaded.'}
      </p>
    );
  }
  const hasResults = Object.keys(results).length > 0;
  const epsilon = Object.values(results)[0]?.attack.epsilon ?? 0;
  const detail = opened !== null && selected.includes(opened) ? opened : null;
  return (
    <>
      <PretrainedNote />
      <Verdict hasResults={hasResults} total={images.labels.length} found={selected.length} />
      <ul className={styles.tiles}>
        {selected.map((index) => (
          <ExampleTile
            key={index}
            images={images}
            index={index}
            dataSet={dataSet}
            runs={hasResults ? runs : noRuns}
            isOpen={index === detail}
            onOpen={open}
          />
        ))}
      </ul>
      {selected.length === 0 && (
        <p className={styles.note}>
          No loaded {word} is of this kind.{' '}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => lab.changeView({ exampleFilter: 'all', exampleDigit: null })}
          >
            Show all
          </Button>
        </p>
      )}
      {detail !== null && (
        <div
          className={styles.frame}
          data-testid="example-detail"
          data-answered={hasResults || undefined}
          style={{ '--runs': runs.length } as CSSProperties}
        >
          {hasResults && <PixelPlaces runs={runs} isRestored={isRestored} onChange={setRestored} />}
          {hasResults && <Headings runs={runs} />}
          <ul className={styles.digits}>
            <ExampleDigit
              images={images}
              index={detail}
              runs={hasResults ? runs : noRuns}
              isRestored={isRestored}
            />
          </ul>
          {hasResults && <Caption epsilon={epsilon} />}
        </div>
      )}
    </>
  );
}

const noRuns: readonly ShownRun[] = [];

/** The shown networks with their results; the same objects until a name or a result changes. */
function useShownRuns(): readonly ShownRun[] {
  const networks = useLabList((state) =>
    shownNetworks(state).map(({ id, name, paletteIndex, config: { permutationSeed } }) => ({
      id,
      name,
      paletteIndex,
      permutationSeed,
    })),
  );
  const results = useLab((state) => state.examples.results);
  return useMemo(
    () =>
      networks.map(({ id, name, paletteIndex, permutationSeed }) => ({
        id,
        name,
        permutationSeed,
        runStyle: styleOf({ paletteIndex }),
        result: results[id] ?? null,
      })),
    [networks, results],
  );
}

/** The names of the columns, each with the number of loaded digits that its run classifies correctly. */
function Headings({ runs }: { readonly runs: readonly ShownRun[] }) {
  return (
    <div className={styles.headings} aria-hidden="true">
      <span>Clean</span>
      {runs.map(({ id, name, runStyle }) => (
        <span key={id} className={styles.heading}>
          <RunSwatch runStyle={runStyle} />
          {name}
        </span>
      ))}
    </div>
  );
}

interface VerdictProps {
  readonly hasResults: boolean;
  readonly total: number;
  /** Number of digits that pass the filters. */
  readonly found: number;
}

/** Sums up the predictions for the loaded digits, for every run. */
function Verdict({ hasResults, total, found }: VerdictProps) {
  const { error } = useLab((state) => state.examples);
  const isLost = useLab(isNetworkLost);
  const isTrained = useLab((state) => state.runs.some(({ id }) => id in state.examples.results));
  const runs = useShownRuns();
  const word = useImageWord();
  if (error !== null) return <p className={styles.failure}>{`${error.message} ${error.remedy}`}</p>;
  if (!hasResults) {
    return (
      <p className={styles.note}>
        Test {word}s. Each network’s predictions appear as soon as it trains.
      </p>
    );
  }
  const answered = runs.flatMap(({ name, result }) => (result === null ? [] : [{ name, result }]));
  return (
    <p
      className={styles.note}
      data-testid="examples-summary"
      data-source={isTrained ? 'trained' : 'pretrained'}
      data-image-count={total}
      data-attack-epsilon={answered[0]?.result.attack.epsilon}
      data-right={answered.map(({ result }) => Object.values(countRight(result)).join('/')).join()}
    >
      {keepTogether(describeTallies(answered, total, word))}
      {found < total && ` ${found} are of the chosen kind.`}
      {isLost && ' These are the last predictions: the networks were lost with the engine.'}
    </p>
  );
}

function isNetworkLost(state: LabState): boolean {
  const starting = state.runs.filter(({ status }) => status === 'starting').map(({ id }) => id);
  return shownNetworks(state).some(({ id, hasNetwork }) => !hasNetwork && !starting.includes(id));
}

/** What the percentages mean; networks shown together may have sigmoid and softmax outputs. */
function describeConfidence(state: LabState): string {
  const losses = new Set(shownNetworks(state).map(({ config }) => config.loss));
  const sigmoid = 'the sigmoid output of the winning class (the ten need not add up to 100 %)';
  const softmax = 'the network’s softmax output for its prediction';
  const parts = [...(losses.has('bce') ? [sigmoid] : []), ...(losses.has('ce') ? [softmax] : [])];
  return `Percentages: ${parts.join(', or ')}.`;
}

function Caption({ epsilon }: { readonly epsilon: number }) {
  const confidence = useLab(describeConfidence);
  const word = useImageWord();
  const isColored = useLab(({ customData }) => customData.loaded?.shape === 'color-32');
  const range = formatEpsilon(epsilon);
  const gain = findPerturbationGain(epsilon);
  return (
    <p className={styles.caption}>
      Attack: FGSM, x + ε · sign(∂J/∂x), with each network’s own gradient, clipped to 0–1. For each
      network: the perturbation, the {word} it makes, the answers before and after, the largest
      change of a pixel (L∞) and the length of the perturbation (L2).{' '}
      {epsilon > 0 &&
        `Perturbations are shown at ${gain.toFixed(1)}× contrast: ${
          isColored
            ? `each of red, green and blue goes from mid-gray up to ±${range}`
            : `orange adds up to ${range}, blue takes away up to ${range}, gray changes nothing`
        }. `}
      {confidence}
    </p>
  );
}
