import { Button } from '@mantine/core';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { methodFacts } from '../../domain/settings/methods.ts';
import { openExperimentOf } from '../../experiment/setup/openConfigs.ts';
import type { Lab } from '../../experiment/lab.ts';
import { useLabActions } from '../../experiment/useLab.ts';
import type { OwnPoint } from './ownPoints.ts';
import styles from './Details.module.css';
import type { PaperRow } from './paperRows.ts';
import { reproduction } from './reproduction.ts';
import {
  describeSeconds,
  makeRowExperiment,
  type RowExperiment,
  shortenExperiment,
} from './rowExperiment.ts';
import { describeEpochs } from '../../domain/settings/settings.ts';

interface RowExperimentsProps {
  readonly row: PaperRow<OwnPoint>;
  /** "ReLU, ABP". */
  readonly name: string;
  /** Shows only the times, for narrow places; the buttons' names say the rest. */
  readonly isBrief?: boolean;
}

/** A row as an experiment with exactly its settings, and a shorter one when that takes long. */
export function RowExperiments({ row, name, isBrief = false }: RowExperimentsProps) {
  const lab = useLabActions();
  const [news, setNews] = useState('');
  if (row.config === null) return null;
  const timed = reproduction.rows;
  const whole = makeRowExperiment(row.config, [
    { config: row.config, cpuSeconds: row.cpuSeconds },
    ...timed,
  ]);
  const short = shortenExperiment(whole);

  function open(experiment: RowExperiment): void {
    const start = openExperimentOf(lab, experiment.configs);
    setNews(`The setup now holds this experiment: ${describeExperiment(experiment)}. ${start}`);
  }

  return (
    <div className={styles.experiments}>
      <div className={styles.experiment}>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Open the experiment of ${name}`}
          onClick={() => open(whole)}
        >
          Open the experiment
        </Button>
        <span>
          {isBrief
            ? describeBriefly(whole)
            : `${describeExperiment(whole)}, this row’s settings for all. ${sayTime(whole)}`}
        </span>
      </div>
      {short !== null && (
        <div className={styles.experiment}>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Open a shorter experiment of ${name}`}
            onClick={() => open(short)}
          >
            A shorter one
          </Button>
          <span>
            {isBrief
              ? describeBriefly(short)
              : `${describeEpochs(short.configs[0]!.epochs)}, with a learning rate that falls faster: ${sayShortly(short)}. Expect higher errors.`}
          </span>
        </div>
      )}
      <p role="status" className={styles.news}>
        {news}
        {news !== '' && (
          <>
            {' '}
            <Button variant="subtle" size="compact-sm" onClick={() => goToTraining(lab)}>
              Go to Train
            </Button>
          </>
        )}
      </p>
    </div>
  );
}

/** "Plain and ABP, 50 epochs". */
function describeExperiment({ configs }: RowExperiment): string {
  const names = configs.map(({ method }) => methodFacts[method].shortName);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
  return `${list}, ${describeEpochs(configs[0]!.epochs)}`;
}

function describeBriefly(experiment: RowExperiment): string {
  return `${describeEpochs(experiment.configs[0]!.epochs)}, ${sayShortly(experiment)}`;
}

function sayShortly({ coreSeconds }: RowExperiment): string {
  return coreSeconds === null ? 'time not known' : describeSeconds(coreSeconds);
}

function sayTime({ coreSeconds }: RowExperiment): string {
  if (coreSeconds === null) return 'How long it takes is not known.';
  return `By this project’s own times ${describeSeconds(coreSeconds)} of one processor core (WebAssembly SIMD); your machine may differ.`;
}

/** Moves to the button that starts the experiment. */
function goToTraining(lab: Lab): void {
  flushSync(() => lab.goTo('lab')); // a button of a hidden place cannot have the focus
  const train = document.querySelector<HTMLElement>('[data-testid="train"]');
  train?.scrollIntoView({ block: 'center' });
  train?.focus({ preventScroll: true });
}
