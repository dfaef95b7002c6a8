import { Button, Checkbox, NativeSelect, Progress } from '@mantine/core';
import { type DragEvent, useId, useMemo, useRef, useState } from 'react';
import { nameByPath, takeDropped } from '../../../experiment/customData/droppedFiles.ts';
import { findPreset, presetsFor } from '../../../experiment/setup/presets.ts';
import {
  chooseDropped,
  chooseFiles,
  choosePreviousFiles,
  setTransposed,
} from '../../../experiment/customData/customData.ts';
import {
  chooseMnist,
  describeData,
  shortFingerprint,
} from '../../../experiment/customData/experimentData.ts';
import { findExperimentStatus } from '../../../experiment/runs/run.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { cleanName } from '../../../domain/cleanName.ts';
import { isSameData } from '../../../domain/dataSet.ts';
import { formatMegabytes } from '../../../ui/format.ts';
import { ProblemNotice } from '../../../ui/ProblemNotice.tsx';
import styles from './DataChoice.module.css';

const options = [
  { value: 'mnist', label: 'MNIST' },
  { value: 'own', label: 'Your files' },
];

/** Chooses the data: MNIST or the user's own data set. */
export function DataChoice() {
  const lab = useLabActions();
  // Also when a link or a saved experiment set up MNIST while files are loaded, so that MNIST can be chosen.
  const isOwn = useLab(
    ({ setup, customData }) => setup.shared.dataSet !== null || customData.loaded !== null,
  );
  // Not while files are read, because the focused element must keep the keyboard's focus.
  const hasRuns = useLab(({ runs }) => findExperimentStatus(runs) !== 'none');
  const [isAsking, setAsking] = useState(false);
  // The question is settled: if MNIST replaces the files later, the choice must show MNIST.
  if (isOwn && isAsking) setAsking(false);
  const value = isOwn || isAsking ? 'own' : 'mnist';
  return (
    <div className={styles.data}>
      <NativeSelect
        label="Data"
        data={options}
        value={value}
        disabled={hasRuns}
        description={hasRuns ? 'Start over to change the data.' : undefined}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        onChange={(event) => {
          const wantsOwn = event.currentTarget.value === 'own';
          setAsking(wantsOwn);
          if (!wantsOwn) chooseMnist(lab);
        }}
      />
      {value === 'own' && <Files isDisabled={hasRuns} />}
    </div>
  );
}

/** Accepts files or a folder, dropped or chosen, and says what they contain or why they were refused. */
function Files({ isDisabled }: { readonly isDisabled: boolean }) {
  const lab = useLabActions();
  const input = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const chooseButton = useRef<HTMLButtonElement>(null);
  const helpId = useId();
  const [isOver, setOver] = useState(false);
  const error = useLab(({ customData }) => customData.error);

  function take(list: FileList | null): void {
    const files = [...(list ?? [])];
    if (files.length > 0 && !isDisabled) void chooseFiles(lab, nameByPath(files));
  }

  function handleDrag(event: DragEvent, isInside: boolean): void {
    event.preventDefault(); // allows the drop
    setOver(isInside && !isDisabled);
  }

  return (
    <>
      <div
        className={styles.drop}
        data-testid="drop-target"
        data-over={isOver || undefined}
        onDragEnter={(event) => handleDrag(event, true)}
        onDragOver={(event) => handleDrag(event, true)}
        onDragLeave={(event) => handleDrag(event, false)}
        onDrop={(event) => {
          handleDrag(event, false);
          if (!isDisabled) void chooseDropped(lab, takeDropped(event.dataTransfer));
        }}
      >
        <Button
          ref={chooseButton}
          variant="default"
          size="compact-sm"
          disabled={isDisabled}
          aria-describedby={helpId}
          onClick={() => input.current?.click()}
        >
          Choose files…
        </Button>{' '}
        <Button
          variant="default"
          size="compact-sm"
          disabled={isDisabled}
          onClick={() => folderInput.current?.click()}
        >
          Choose a folder…
        </Button>
        <input
          ref={folderInput}
          type="file"
          {...{ webkitdirectory: '' }}
          hidden
          aria-label="Folder with the data set"
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Data files"
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = ''; // so that choosing the same files again fires a change event
          }}
        />
        <p id={helpId} className={styles.hint}>
          or drop them here, their folder or archive: gray images of 28 × 28 pixels (MNIST’s IDX
          files, .npz, tables, PNG pictures in a folder for each class), or CIFAR-10’s binary
          version. They never leave this browser.
        </p>
      </div>
      {!isDisabled && <SetAside onChoose={() => chooseButton.current?.focus()} />}
      <Transposing isDisabled={isDisabled} />
      <Outcome />
      {!isDisabled && <ReadyExperiment />}
      {error !== null && (
        <ProblemNotice
          title="These files are not a data set"
          code={error.code}
          sentences={[error.message, error.remedy]}
        />
      )}
    </>
  );
}

/** The previous files, which other data replaced. */
function SetAside({ onChoose }: { readonly onChoose: () => void }) {
  const lab = useLabActions();
  const previousFiles = useLab(({ customData }) =>
    customData.isReading ? null : customData.previousFiles,
  );
  if (previousFiles === null) return null;
  return (
    <div>
      <Button
        variant="light"
        size="compact-sm"
        onClick={() => {
          onChoose(); // this button disappears and must not take the keyboard's focus with it
          void choosePreviousFiles(lab);
        }}
      >
        Use your files again
      </Button>
      <p className={styles.hint}>Still available: {listNames(previousFiles.files)}.</p>
    </div>
  );
}

/** Lets the user transpose gray images, which some data sets store sideways; color images have no such choice. */
function Transposing({ isDisabled }: { readonly isDisabled: boolean }) {
  const lab = useLabActions();
  const isTransposed = useLab(({ customData }) => customData.isTransposed);
  const isColored = useLab(({ customData }) => customData.loaded?.shape === 'color-32');
  // The requested value while the files are read again.
  const [asked, setAsked] = useState<boolean | null>(null);
  if (isColored) return null;
  return (
    <Checkbox
      label="Transpose images"
      description="EMNIST stores rows as columns."
      checked={asked ?? isTransposed}
      disabled={isDisabled}
      onChange={(event) => {
        setAsked(event.currentTarget.checked);
        void setTransposed(lab, event.currentTarget.checked).then(() => setAsked(null));
      }}
    />
  );
}

/** Offers the preset for the loaded data, if there is one and it is not chosen yet. */
function ReadyExperiment() {
  const lab = useLabActions();
  const dataSet = useLab(({ setup, customData }) =>
    isSameData(setup.shared.dataSet, customData.loaded) ? customData.loaded : null,
  );
  const setup = useLab((state) => state.setup);
  const chosen = useMemo(() => findPreset(setup), [setup]);
  const preset = presetsFor(dataSet).find(({ shape }) => shape !== undefined);
  if (dataSet === null || preset === undefined || preset.id === chosen) return null;
  return (
    <div>
      <Button variant="light" size="compact-sm" onClick={() => lab.choosePreset(preset.id)}>
        {preset.name}: plain, dropout, ABP
      </Button>
      <p className={styles.hint}>
        Settings that suit digits do not suit these images: on a tenth of CIFAR-10, a plain network
        misclassifies 56 % of the images, and nine of ten under an attack with ε as small as 0.02
        (docs/reproduction.md, in this project’s source).
      </p>
    </div>
  );
}

function Outcome() {
  const text = useLab(describeOutcome);
  const loaded = useLab(({ setup, customData }) =>
    isSameData(setup.shared.dataSet, customData.loaded) ? customData.loaded : null,
  );
  const reading = useLab(({ customData, data: { training } }) =>
    customData.isReading && training.status === 'loading' && training.totalBytes > 0
      ? (100 * training.loadedBytes) / training.totalBytes
      : null,
  );
  return (
    <div
      role="status"
      className={styles.outcome}
      data-testid="own-data"
      data-training-count={loaded?.trainingCount}
      data-test-count={loaded?.testCount}
    >
      {reading !== null && (
        <Progress value={reading} aria-label="Reading your files" transitionDuration={0} />
      )}
      {text !== null && <p className={styles.text}>{text}</p>}
    </div>
  );
}

function listNames(files: readonly File[]): string {
  const names = files.slice(0, 8).map(({ name }) => cleanName(name));
  return `${names.join(', ')}${files.length > 8 ? ` and ${files.length - 8} more` : ''}`;
}

function describeOutcome({ customData, setup, data: { training } }: LabState): string | null {
  const wanted = setup.shared.dataSet;
  if (customData.isReading) {
    return training.status === 'loading' && training.totalBytes > 0
      ? `Read ${formatMegabytes(training.loadedBytes)} of ${formatMegabytes(training.totalBytes)} MB.`
      : 'Reading your files.';
  }
  if (wanted === null) return null;
  if (isSameData(wanted, customData.loaded)) {
    const standard =
      wanted.shape === 'color-32'
        ? ' ε is a fraction of the pixel range 0 to 1; the networks standardize pixels after that.'
        : '';
    return `${describeData(wanted)}. ${customData.notes.join(' ')}${standard}`;
  }
  return `Needed: ${describeData(wanted)}, SHA-256 ${shortFingerprint(wanted)}. Choose these files to train.`;
}
