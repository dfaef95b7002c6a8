import { Anchor } from '@mantine/core';
import { paper } from '../../domain/published.ts';
import { keepTogether } from '../../ui/format.ts';
import { InlineMark, OwnMark, PaperMark, SeedMark, SpreadMark } from './dotPlot/Marks.tsx';
import type { Measure } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import styles from './Details.module.css';
import type { PaperRow } from './paperRows.ts';
import { formatRate, formatSpread } from './rates.ts';
import { reproduction } from './reproduction.ts';
import { RowExperiments } from './RowExperiments.tsx';
import {
  describeDifference,
  describeMissing,
  describeMoment,
  describeRunSource,
  hasRowSettings,
} from './sources.ts';

interface RowDetailsProps {
  readonly row: PaperRow<OwnPoint>;
  /** "ReLU, ABP". */
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
          <div>
            <dt>
              <InlineMark>
                <PaperMark />
              </InlineMark>
              Paper
            </dt>
            <dd>
              <strong>{keepTogether(formatRate(published, measure))}</strong>{' '}
              <Anchor href={paper.url} target="_blank" rel="noreferrer" inherit underline="always">
                {paper.author}, abstract ({paper.name})
              </Anchor>
              : permutation-invariant MNIST. It states no recipe.
            </dd>
          </div>
        )}
        {row.isPlanned && (
          <div>
            <dt>
              <InlineMark>{measure.kind === 'clean' ? <SeedMark /> : <SpreadMark />}</InlineMark>
              This project
            </dt>
            {reproduced === null || source === null ? (
              <dd>Not run yet.{describeMissing(row.missingSeeds)}</dd>
            ) : (
              <dd>
                <strong>{keepTogether(formatSpread(reproduced.spread, measure))}</strong>{' '}
                {keepTogether(source.seeds)} {keepTogether(source.settings)}.{' '}
                <code>{source.files}</code>
                {source.date !== '' && `, ${source.date}`}. <code>{source.command}</code> makes the
                first again and compares.
              </dd>
            )}
          </div>
        )}
        {own.map((point) => (
          <div key={point.id}>
            <dt>
              <InlineMark>
                <OwnMark point={point} isFilled={hasRowSettings(point, row)} />
              </InlineMark>
              Your run
            </dt>
            <dd>
              <strong>{keepTogether(formatRate(point.error.errorRate, measure))}</strong>{' '}
              {keepTogether(
                `${point.name}, ${describeMoment(point, measure)}; ${describeDifference(point, row)}.`,
              )}
            </dd>
          </div>
        ))}
      </dl>
      <RowExperiments row={row} name={name} />
    </div>
  );
}
