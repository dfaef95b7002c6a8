import { Button, Group, Modal, NativeSelect } from '@mantine/core';
import { useRef, useState } from 'react';
import {
  addReference,
  adoptSettings,
  type OpenedFile,
  openableEndings,
  type AskedSettings,
  readLabFile,
  SettingsMissing,
} from '../../../experiment/files/files.ts';
import { removeReference } from '../../../experiment/files/removeReference.ts';
import { describeData } from '../../../experiment/customData/experimentData.ts';
import { isImported } from '../../../experiment/files/experimentFile.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { isSameData, type CustomData } from '../../../domain/dataSet.ts';
import { cleanName } from '../../../domain/cleanName.ts';
import { networkTypes } from '../../../domain/settings/config.ts';
import { reportError } from '../../../domain/errors.ts';
import { networkNames } from '../../../ui/networks.ts';
import { ProblemNotice } from '../../../ui/ProblemNotice.tsx';
import styles from './Results.module.css';
import { Subsection } from '../../../ui/Subsection.tsx';

function dataOf({ experiment }: OpenedWeights): CustomData | null {
  return experiment.runs[0]?.config.dataSet ?? null;
}

type OpenedWeights = Extract<OpenedFile, { kind: 'weights' }>;

/** Opens saved files: weights as a run to examine, an experiment beside the current one. */
export function OpenFile() {
  const lab = useLabActions();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<{ title: string; sentences: string[] } | null>(null);
  const [news, setNews] = useState('');
  const [waiting, setWaiting] = useState<OpenedWeights | null>(null);
  /** A file of weights without settings. */
  const [asking, setAsking] = useState<Asking | null>(null);
  const isEngineLost = useLab(({ engine }) => engine.status === 'failed');

  /** @param asked for weights without settings */
  function open(file: File, asked?: AskedSettings): void {
    const name = cleanName(file.name, 200);
    setProblem(null);
    setAsking(null);
    setNews(`Reading ${name}…`);
    readLabFile(file, lab.store.getState().attackEpsilon, asked).then(take, (thrown: unknown) => {
      setNews('');
      if (thrown instanceof SettingsMissing) {
        setAsking({ file, sizes: thrown.sizes });
        return;
      }
      const { message, remedy } = reportError(thrown);
      setProblem({ title: `${name} was not opened`, sentences: [message, remedy] });
    });
  }

  function take(opened: OpenedFile): void {
    setNews('');
    if (opened.kind === 'experiment') {
      addReference(lab, opened.experiment);
      setNews(`${opened.experiment.fileName} is in the Lab’s curves and results, in gray.`);
    } else if (isEngineLost) {
      const sentences = ['The engine has stopped. Restart it, then open the file again.'];
      setProblem({ title: `${opened.fileName} was not opened`, sentences });
    } else if (!isSameData(dataOf(opened), lab.store.getState().customData.loaded)) {
      const sentences = [
        `Its network was trained on data other than what the page uses now: ${describeData(dataOf(opened))}.`,
        'Choose these under Data, in the setup, then open the file again.',
      ];
      setProblem({ title: `${opened.fileName} was not opened`, sentences });
    } else if (lab.store.getState().runs.length > 0) {
      setWaiting(opened);
    } else {
      examine(opened);
    }
  }

  function examine({ experiment, fileName }: OpenedWeights): void {
    setWaiting(null);
    lab.resumeExperiment(experiment);
    lab.notify('import', [
      `${fileName} is open: the page measures and attacks it like a finished run.`,
    ]);
    lab.goTo('lab');
  }

  return (
    <Subsection
      title="Open"
      actions={
        <>
          <Button variant="default" className={styles.open} onClick={() => input.current?.click()}>
            Open a file…
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            aria-label="File to open"
            accept={openableEndings.join(',')}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = ''; // so that choosing the same file again fires a change event
              if (file) open(file);
            }}
          />
        </>
      }
    >
      <p className={styles.lead}>
        Weights (.safetensors) open as a finished run. An experiment (.json) is shown beside the
        current one. Files never leave this browser.
      </p>
      <p role="status" className={styles.news}>
        {news}
      </p>
      {problem !== null && <ProblemNotice {...problem} />}
      {asking !== null && <MissingSettings {...asking} onOpen={open} />}
      <ImportedExperiments onNews={setNews} />
      {/* Composed by hand, because Mantine's header would be a second banner landmark. */}
      <Modal.Root opened={waiting !== null} onClose={() => setWaiting(null)} centered>
        <Modal.Overlay />
        <Modal.Content>
          <Modal.Body className={styles.dialog}>
            <Modal.Title>Open {waiting?.fileName ?? ''}?</Modal.Title>
            <Replacement />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setWaiting(null)}>
                Keep the current experiment
              </Button>
              <Button data-primary onClick={() => waiting && examine(waiting)}>
                Open it
              </Button>
            </Group>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </Subsection>
  );
}

interface Asking {
  readonly file: File;
  readonly sizes: readonly number[];
}

/** Asks for what the shapes of weights do not say. */
function MissingSettings({
  file,
  sizes,
  onOpen,
}: Asking & { readonly onOpen: (file: File, asked: AskedSettings) => void }) {
  const dataSet = useLab(({ customData }) => customData.loaded);
  const [networkType, setNetworkType] = useState<AskedSettings['networkType']>('relu');
  const [loss, setLoss] = useState<AskedSettings['loss']>('ce');
  return (
    <section aria-label="Settings of the network">
      <p className={styles.lead}>
        {cleanName(file.name)} has the weights of a network with {sizes.join('-')} units, but not
        its settings. Another program saved it without them. What are they?
      </p>
      <Group align="end">
        <NativeSelect
          label="Hidden units"
          data={networkTypes.map((value) => ({ value, label: networkNames[value] }))}
          value={networkType}
          onChange={(event) =>
            setNetworkType(event.currentTarget.value as AskedSettings['networkType'])
          }
        />
        <NativeSelect
          label="Outputs"
          data={[
            { value: 'ce', label: 'Softmax, cross-entropy' },
            { value: 'bce', label: 'Sigmoid, binary cross-entropy' },
          ]}
          value={loss}
          onChange={(event) => setLoss(event.currentTarget.value as AskedSettings['loss'])}
        />
        <Button variant="default" onClick={() => onOpen(file, { networkType, loss, dataSet })}>
          Open it with these
        </Button>
      </Group>
    </section>
  );
}

/** Says what opening weights does to the experiment on the page. */
function Replacement() {
  const names = useLab(({ runs }) => runs.map(({ name }) => name).join(', '));
  const isSaved = useLab(({ archive }) => archive.experiments !== null && archive.error === null);
  return (
    <p className={styles.replacement}>
      {`It replaces the current experiment (${names}). `}
      {isSaved
        ? 'The current one stays under Saved experiments, up to its last checkpoint.'
        : 'Save its weights and the experiment first if you want to go back to them.'}
    </p>
  );
}

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

function ImportedExperiments({ onNews }: { readonly onNews: (news: string) => void }) {
  const lab = useLabActions();
  const references = useLab((state) => state.references);
  const experiments = references.filter(isImported);
  if (experiments.length === 0) return null;
  return (
    <ul className={styles.imported} aria-label="Experiments from files">
      {experiments.map((experiment) => (
        <li key={experiment.id}>
          <span>
            <strong>{experiment.fileName}</strong>
            {` saved ${dateFormat.format(experiment.startedAt)}: ${experiment.runs.map(({ name }) => name).join(', ')}`}
          </span>
          <span className={styles.importedActions}>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`See ${experiment.fileName} in the Lab`}
              onClick={() => lab.goTo('lab')}
            >
              See it in the Lab
            </Button>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Use the settings of ${experiment.fileName}`}
              onClick={() => {
                adoptSettings(lab, experiment);
                onNews(
                  `The setup in the Lab now has the settings of ${experiment.fileName}, for the next experiment.`,
                );
              }}
            >
              Use its settings
            </Button>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Remove ${experiment.fileName}`}
              onClick={() => {
                removeReference(lab, experiment.id);
                onNews(`${experiment.fileName} is no longer shown.`);
              }}
            >
              Remove
            </Button>
          </span>
        </li>
      ))}
    </ul>
  );
}
