import { Button, Checkbox } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { ListedExperiment, UnreadableExperiment } from '../../experiment/storage/types.ts';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { RunName } from '../../ui/charts/RunSwatch.tsx';
import { styleOf } from '../../ui/runStyles.ts';
import {
  describeDetails,
  describeNumbers,
  nameExperiment,
  type SavedResult,
  titleOf,
} from './describeExperiment.ts';
import styles from './SavedExperiments.module.css';
import { Sparkline } from './Sparkline.tsx';
import { useCurves } from './useCurves.ts';

interface ExperimentItemProps {
  readonly experiment: ListedExperiment;
  readonly onOpen: () => void;
  readonly onCompare: () => void;
  readonly onDelete: () => void;
}

/** A saved experiment: what it compared, its curves and newest numbers, and what can be done with it. */
export function ExperimentItem({ experiment, onOpen, onCompare, onDelete }: ExperimentItemProps) {
  const isPresent = useLab(({ experimentId }) => experimentId === experiment.id);
  const isCompared = useLab(({ references }) => references.some(({ id }) => id === experiment.id));
  const name = nameExperiment(experiment);
  return (
    <Item
      testId="saved-experiment"
      isPresent={isPresent}
      experiment={experiment}
      title={titleOf(experiment.runs)}
      details={[...describeDetails(experiment), ...(isPresent ? ['on this page'] : [])]}
      onDelete={onDelete}
      actions={
        !isPresent && (
          <>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Open ${name}`}
              onClick={onOpen}
            >
              Open
            </Button>
            <Checkbox
              classNames={{ body: styles.compare, label: styles.compareLabel }}
              label="Compare in the Lab"
              aria-label={`Compare in the Lab with ${name}`}
              checked={isCompared}
              onChange={onCompare}
            />
          </>
        )
      }
    >
      {isPresent ? <PresentRuns /> : <SavedRuns experiment={experiment} />}
    </Item>
  );
}

/** A saved experiment whose records are damaged: it takes up space and can only be deleted. */
export function UnreadableItem({
  experiment,
  onDelete,
}: {
  readonly experiment: UnreadableExperiment;
  readonly onDelete: () => void;
}) {
  return (
    <Item
      testId="unreadable-experiment"
      experiment={experiment}
      title="Damaged experiment"
      details={describeDetails(experiment)}
      onDelete={onDelete}
    >
      <p className={styles.unreadable}>
        Cannot be read: its records are damaged or come from another version of this page.
      </p>
    </Item>
  );
}

interface ItemProps {
  readonly testId: string;
  readonly isPresent?: boolean;
  readonly experiment: ListedExperiment | UnreadableExperiment;
  readonly title: string;
  readonly details: readonly string[];
  /** Before Delete. */
  readonly actions?: ReactNode;
  readonly onDelete: () => void;
  readonly children: ReactNode;
}

function Item(props: ItemProps) {
  const { testId, isPresent, experiment, title, details, actions, onDelete, children } = props;
  const id = useId();
  return (
    <li
      className={styles.item}
      aria-labelledby={id}
      data-testid={testId}
      data-present={isPresent ?? undefined}
    >
      <h3 id={id} className={styles.title}>
        {title}
      </h3>
      <p className={styles.detail}>{details.join(' · ')}</p>
      {children}
      <div className={styles.actions}>
        {actions}
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`Delete ${nameExperiment(experiment)}`}
          onClick={onDelete}
        >
          Delete
        </Button>
      </div>
    </li>
  );
}

/** The runs of the current experiment, which are ahead of their saved state. */
function PresentRuns() {
  const runs = useThrottledLab((state) => state.runs, 1000);
  return <Runs runs={runs} drawn={runs} />;
}

function SavedRuns({ experiment }: { readonly experiment: ListedExperiment }) {
  const drawn = useCurves(experiment);
  return <Runs runs={experiment.runs} drawn={drawn} />;
}

interface NamedResult extends SavedResult {
  readonly id: string;
  readonly name: string;
  readonly paletteIndex: number;
}

interface RunsProps {
  readonly runs: readonly NamedResult[];
  /** The same runs with their curves; null until these are loaded. */
  readonly drawn: readonly NamedResult[] | null;
}

function Runs({ runs, drawn }: RunsProps) {
  return (
    <>
      <Sparkline runs={drawn ?? []} />
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Epochs</th>
            <th scope="col">Error</th>
            <th scope="col">Under FGSM</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const { epochs, clean, attacked, note } = describeNumbers(run);
            return (
              <tr key={run.id}>
                <th scope="row">
                  <RunName runStyle={styleOf(run)} name={run.name} />
                </th>
                <td>{epochs}</td>
                <td>
                  {clean} {note !== '' && <span className={styles.note}>{note}</span>}
                </td>
                <td>{attacked}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
