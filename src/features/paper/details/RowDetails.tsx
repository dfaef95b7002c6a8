import { Anchor, Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { methodFacts } from '../../../domain/settings/methods.ts';
import type { Lab } from '../../../experiment/lab.ts';
import { openExperimentOf } from '../../../experiment/setup/openConfigs.ts';
import { useLabActions } from '../../../experiment/useLab.ts';
import { paper } from '../../../domain/published.ts';
import { describeEpochs } from '../../../domain/settings/settings.ts';
import { keepTogether } from '../../../ui/format.ts';
import styles from './Details.module.css';
import { InlineMark, OwnMark, PaperMark, SeedMark, SpreadMark } from '../dotPlot/Marks.tsx';
import { formatRate, formatSpread, type Measure } from '../measures.ts';
import type { PaperRow } from '../paperRows.ts';
import { reproduction } from '../reproduction.ts';
import { RobustnessTable } from './RobustnessTable.tsx';
import {
  describeSeconds,
  makeRowExperiment,
  type RowExperiment,
  shortenExperiment,
} from './rowExperiment.ts';
import { describeMissing, describeOwn, describeRunSource } from '../sources.ts';

interface RowDetailsProps {
  readonly row: PaperRow;
  readonly name: string;
  readonly measure: Measure;
}

/** The source of each number of a row, and the row as an experiment. */
export function RowDetails({ row, name, measure }: RowDetailsProps) {
  const { published, reproduced, own } = row;
  const source = describeRunSource(row, reproduction, measure);
  return (
    <div className={styles.details}>
      <dl className={styles.sources}>
        {published !== null && (
          <Source mark={<PaperMark />} title="Paper">
            <strong>{keepTogether(formatRate(published, measure))}</strong>{' '}
            <Anchor href={paper.url} target="_blank" rel="noreferrer" inherit underline="always">
              {paper.author}, abstract ({paper.name})
            </Anchor>
            : permutation-invariant MNIST. The abstract gives no recipe.
          </Source>
        )}
        {row.config !== null && (
          <Source
            mark={measure.attack === null ? <SeedMark /> : <SpreadMark />}
            title="This project"
          >
            {reproduced === null || source === null ? (
              `Not run yet.${describeMissing(row.missingSeeds)}`
            ) : (
              <>
                <strong>{keepTogether(formatSpread(reproduced.spread, measure))}</strong>{' '}
                {keepTogether(source.seeds)} {keepTogether(source.settings)}.{' '}
                <code>{source.files}</code>
                {source.date !== '' && `, ${source.date}`}. <code>{source.command}</code> runs the
                first one again and compares.
              </>
            )}
          </Source>
        )}
        {own.map((point) => (
          <Source key={point.id} mark={<OwnMark point={point} />} title="Your run">
            <strong>{keepTogether(formatRate(point.error.errorRate, measure))}</strong>{' '}
            {keepTogether(describeOwn(point, row, measure))}
          </Source>
        ))}
      </dl>
      {row.robustness !== null && <RobustnessTable robustness={row.robustness} />}
      <RowExperiments row={row} name={name} />
    </div>
  );
}

interface SourceProps {
  readonly mark: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}

function Source({ mark, title, children }: SourceProps) {
  return (
    <div>
      <dt>
        <InlineMark>{mark}</InlineMark>
        {title}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

interface RowExperimentsProps extends Omit<RowDetailsProps, 'measure'> {
  /** Shows only the times, for narrow places; the buttons' names say the rest. */
  readonly isBrief?: boolean;
}

/** A row as an experiment with exactly its settings, and a shorter one when that takes long. */
export function RowExperiments({ row, name, isBrief = false }: RowExperimentsProps) {
  const lab = useLabActions();
  const [news, setNews] = useState('');
  if (row.config === null) return null;
  const own = { config: row.config, cpuSeconds: row.cpuSeconds };
  const whole = makeRowExperiment(row.config, [own, ...reproduction.rows]);
  const short = shortenExperiment(whole);

  function makeButton(experiment: RowExperiment, label: string, aria: string, text: string) {
    const open = () => {
      const start = openExperimentOf(lab, experiment.configs);
      setNews(`The setup now holds this experiment: ${describeExperiment(experiment)}. ${start}`);
    };
    return (
      <div className={styles.experiment}>
        <Button variant="default" size="compact-sm" aria-label={aria} onClick={open}>
          {label}
        </Button>
        <span>{isBrief ? `${epochsOf(experiment)}, ${describeTime(experiment)}` : text}</span>
      </div>
    );
  }

  return (
    <div className={styles.experiments}>
      {makeButton(
        whole,
        'Open the experiment',
        `Open the experiment of ${name}`,
        `${describeExperiment(whole)}, this row’s settings for all. ${describeWholeTime(whole)}`,
      )}
      {short !== null &&
        makeButton(
          short,
          'A shorter version',
          `Open a shorter experiment of ${name}`,
          `${epochsOf(short)}, with a learning rate that decays faster: ${describeTime(short)}. Expect higher errors.`,
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

function epochsOf({ configs }: RowExperiment): string {
  return describeEpochs(configs[0]!.epochs);
}

/** "Plain and ABP, 50 epochs". */
function describeExperiment(experiment: RowExperiment): string {
  const names = experiment.configs.map(({ method }) => methodFacts[method].shortName);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}, ${epochsOf(experiment)}`;
}

function describeTime({ coreSeconds }: RowExperiment): string {
  return coreSeconds === null ? 'time not known' : describeSeconds(coreSeconds);
}

function describeWholeTime(experiment: RowExperiment): string {
  if (experiment.coreSeconds === null) return 'How long it takes is not known.';
  return `By this project’s measurements, it takes ${describeTime(experiment)} on one processor core (WebAssembly SIMD); your machine may differ.`;
}

/** Moves to the button that starts the experiment. */
function goToTraining(lab: Lab): void {
  flushSync(() => lab.goTo('lab')); // a button of a hidden place cannot have the focus
  const train = document.querySelector<HTMLElement>('[data-testid="train"]');
  train?.scrollIntoView({ block: 'center' });
  train?.focus({ preventScroll: true });
}
