import { Button, NativeSelect } from '@mantine/core';
import { Fragment, useCallback, useId, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { shownNetworks } from '../../../experiment/runs/answering.ts';
import type { DataState, ExampleFilter } from '../../../experiment/state.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { useLabList } from '../../../experiment/useLabList.ts';
import { useLabelLeaking } from '../../../experiment/useLabelLeaking.ts';
import { classesOf, nameClass, type CustomData } from '../../../domain/dataSet.ts';
import { formatMegabytes, keepTogether } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { styleOf } from '../../../ui/runStyles.ts';
import { drawnName } from '../pad/useNetworks.ts';
import { ExampleDetail } from './ExampleDetail.tsx';
import type { ShownRun } from './ExampleDigit.tsx';
import { ExampleTile } from './ExampleTile.tsx';
import styles from './Examples.module.css';
import { selectExamples } from './predictions.ts';
import { PretrainedNote } from './PretrainedNote.tsx';
import { Summary } from './Summary.tsx';
import { useImageWord } from '../../../experiment/useImageWord.ts';

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
  return [all, ...classesOf(dataSet).map(only)];
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
        className={styles.outcomes}
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
  const loading = useLab((state) => state.data.test);
  const { exampleFilter, exampleDigit } = useLab((state) => state.view);
  const dataSet = useLab(({ customData }) => customData.loaded);
  const runs = useShownRuns();
  const word = useImageWord();
  const detailId = useId();
  const [opened, setOpened] = useState<number | null>(null);
  const toggle = useCallback(
    (index: number, tile: HTMLElement) => {
      const { top } = tile.getBoundingClientRect();
      flushSync(() => setOpened((before) => (before === index ? null : index)));
      // The tile stays where it was pressed, although a detail above it may have closed.
      scrollBy({ top: tile.getBoundingClientRect().top - top, behavior: 'instant' });
      const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
      document
        .getElementById(detailId)
        ?.scrollIntoView({ block: 'nearest', behavior: isStill ? 'instant' : 'smooth' });
    },
    [detailId],
  );
  const selected = useMemo(
    () =>
      images === null
        ? []
        : selectExamples(images.labels, Object.values(results), exampleFilter, exampleDigit),
    [images, results, exampleFilter, exampleDigit],
  );

  const leaking = useLabelLeaking();
  if (images === null) {
    return (
      <p className={styles.note}>
        {error === null ? describeLoading(loading) : 'The test images could not be loaded.'}
      </p>
    );
  }
  const hasResults = Object.keys(results).length > 0;
  const answering = hasResults ? runs : noRuns;
  return (
    <>
      <PretrainedNote />
      <Summary
        runs={answering}
        total={images.labels.length}
        found={selected.length}
        epsilon={Object.values(results)[0]?.attack.epsilon ?? 0}
      />
      {leaking.map((sentence) => (
        <p key={sentence} className={styles.note} data-testid="label-leaking">
          {keepTogether(sentence)}
        </p>
      ))}
      <ul className={styles.tiles}>
        {selected.map((index) => (
          <Fragment key={index}>
            <ExampleTile
              images={images}
              index={index}
              dataSet={dataSet}
              runs={answering}
              isOpen={index === opened}
              detailId={detailId}
              onToggle={toggle}
            />
            {index === opened && (
              <ExampleDetail id={detailId} images={images} index={index} runs={answering} />
            )}
          </Fragment>
        ))}
      </ul>
      {selected.length === 0 && (
        <p className={styles.note}>
          None of the loaded {word}s match.{' '}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => lab.changeView({ exampleFilter: 'all', exampleDigit: null })}
          >
            Show all
          </Button>
        </p>
      )}
    </>
  );
}

function describeLoading(test: DataState): string {
  if (test.status !== 'loading') return 'Loading the test images…';
  const { loadedBytes, totalBytes } = test;
  return `Loading the test images: ${formatMegabytes(loadedBytes)} of ${formatMegabytes(totalBytes)} MB`;
}

const noRuns: readonly ShownRun[] = [];

/** The shown networks with their results; the same objects until a name or a result changes. */
function useShownRuns(): readonly ShownRun[] {
  const networks = useLabList((state) =>
    shownNetworks(state).map((network) => ({
      id: network.id,
      name: drawnName(network),
      paletteIndex: network.paletteIndex,
      permutationSeed: network.config.permutationSeed,
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
