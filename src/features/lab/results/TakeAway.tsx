import { Button } from '@mantine/core';
import { useState } from 'react';
import { fileNameOf, saveExperiment, saveWeights } from '../../../experiment/files/files.ts';
import type { Run } from '../../../experiment/runs/run.ts';
import { useLabActions } from '../../../experiment/useLab.ts';
import { useLabList } from '../../../experiment/useLabList.ts';
import { reportError } from '../../../domain/errors.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { saveFile } from '../../../ui/charts/export/saveFile.ts';
import { CopyOutcome } from '../../../ui/fields/CopyOutcome.tsx';
import { ProblemNotice } from '../../../ui/ProblemNotice.tsx';
import { styleOf } from '../../../ui/runStyles.ts';
import { useClipboard } from '../../../ui/fields/useClipboard.ts';
import { makePytorchLines } from './pytorch.ts';
import styles from './Results.module.css';
import { Subsection } from '../../../ui/Subsection.tsx';

type Sentences = readonly string[];

/** Saves weights and the experiment as files, and shows how to read them. */
export function TakeAway() {
  const lab = useLabActions();
  const runs = useSavableRuns();
  const [problem, setProblem] = useState<Sentences | null>(null);
  /** The run whose file the Python lines read. */
  const [shownId, setShownId] = useState<string | null>(null);
  const shown = runs.find(({ id }) => id === shownId) ?? runs[0];
  if (shown === undefined) {
    return (
      <Subsection title="Export">
        <p className={styles.lead}>
          Nothing to export yet. Once you train networks, their weights (safetensors) and the whole
          experiment (JSON) are saved from here.
        </p>
      </Subsection>
    );
  }

  function save(run: Run): void {
    setShownId(run.id);
    saveWeights(lab, run).then(
      (bytes) => {
        setProblem(null);
        const blob = new Blob([bytes], { type: 'application/octet-stream' });
        saveFile(`${fileNameOf(run.name)}.safetensors`, blob);
      },
      (thrown: unknown) => {
        const { message, remedy } = reportError(thrown);
        setProblem([message, remedy]);
      },
    );
  }

  return (
    <Subsection
      title="Export"
      actions={
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            const name = `experiment-${new Date().toISOString().slice(0, 16).replaceAll(':', '')}.json`;
            saveFile(name, saveExperiment(lab), 'application/json');
          }}
        >
          Save experiment (JSON)
        </Button>
      }
    >
      <p className={styles.lead}>
        Each run’s current weights and settings go into a safetensors file. The JSON file holds the
        settings, curves and measurements of all runs and seeds, without weights.
      </p>
      <ul className={styles.savable}>
        {runs.map((run) => (
          <li key={run.id}>
            <span className={styles.name}>
              <RunSwatch runStyle={styleOf(run)} />
              <span>{run.name}</span>
            </span>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Save weights of ${run.name}`}
              aria-disabled={!run.hasNetwork}
              data-disabled={!run.hasNetwork}
              onClick={(event) => {
                if (run.hasNetwork) save(run);
                else event.preventDefault();
              }}
            >
              Save weights
            </Button>
          </li>
        ))}
      </ul>
      {problem !== null && <ProblemNotice title="The weights were not saved" sentences={problem} />}
      <PytorchLines run={shown} />
    </Subsection>
  );
}

/** The runs of the experiment; the same array until they change in a way that matters here. */
function useSavableRuns(): readonly Run[] {
  const lab = useLabActions();
  // Progress changes many times a second, but the saved state is only requested when a button is pressed.
  useLabList(({ runs }) => runs.map(({ id, name, hasNetwork }) => ({ id, name, hasNetwork })));
  return lab.store.getState().runs;
}

function PytorchLines({ run }: { readonly run: Run }) {
  const { copied, copy, dismiss } = useClipboard();
  const fileName = `${fileNameOf(run.name)}.safetensors`;
  const lines = makePytorchLines(run.config, fileName);
  const title = `Read ${fileName} in PyTorch`;
  return (
    <div className={styles.code}>
      <div className={styles.sectionHeader}>
        <span>{title}</span>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => copy('The lines of Python', lines)}
        >
          Copy lines
        </Button>
      </div>
      <CopyOutcome copied={copied} onDismiss={dismiss} />
      <pre className={styles.lines} tabIndex={0} role="group" aria-label={title}>
        <code>{lines}</code>
      </pre>
    </div>
  );
}
