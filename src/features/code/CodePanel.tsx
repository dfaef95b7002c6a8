import { Button, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { writePytorch } from './listings/pytorch.ts';
import { writeTfjs } from './listings/tfjs.ts';
import { useLab } from '../../experiment/useLab.ts';
import { isSameData } from '../../domain/dataSet.ts';
import { saveFile } from '../../ui/charts/export/saveFile.ts';
import { ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import { CopyOutcome } from '../../ui/fields/CopyOutcome.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { useClipboard } from '../../ui/fields/useClipboard.ts';
import styles from './Code.module.css';

const libraries = {
  pytorch: {
    name: 'PyTorch',
    write: writePytorch,
    file: 'train.py',
    type: 'text/x-python',
    command: 'python train.py mnist',
  },
  tfjs: {
    name: 'TensorFlow.js',
    write: writeTfjs,
    file: 'train.mjs',
    type: 'text/javascript',
    command: 'npm install @tensorflow/tfjs && node train.mjs mnist',
  },
} as const;
type Library = keyof typeof libraries;

/** Shows a run as a program for another library, to copy or download. */
export function CodePanel() {
  const isColored = useLab(({ setup }) => setup.shared.dataSet?.shape === 'color-32');
  if (!isColored) return <Listing />;
  return (
    <UnavailablePanel title="Code">
      The programs read images of 28 × 28 grey pixels, as MNIST’s; yours are in colour. They are
      back with MNIST.
    </UnavailablePanel>
  );
}

function Listing() {
  const entries = useLab((state) => state.setup.entries);
  const attackEpsilon = useLab((state) => state.attackEpsilon);
  const isTransposed = useLab(({ setup, customData: { loaded, isTransposed: isSo } }) =>
    loaded !== null && isSameData(setup.shared.dataSet, loaded) ? isSo : undefined,
  );
  const [library, setLibrary] = useState<Library>('pytorch');
  const [chosen, setChosen] = useState<number | null>(null);
  const { copied, copy, dismiss } = useClipboard();
  const entry =
    entries.find(({ key }) => key === chosen) ??
    entries.find(({ changes }) => changes.method === 'adversarial') ??
    entries[0]!;
  const { config } = entry.settings;
  const { name, write, file, type, command } = libraries[library];
  const text = useMemo(
    () => config && write({ config, attackEpsilon, isTransposed }),
    [config, attackEpsilon, isTransposed, write],
  );
  return (
    <Panel title="Code">
      <p className={styles.lead}>
        A run of the experiment that would start now, as a program of its own: the same network,
        method, optimizer and schedule. It draws its random numbers otherwise than this page, so
        that results agree as those of different seeds do.
      </p>
      <div className={styles.controls}>
        <ChoiceGroup
          label="The same in"
          role="radiogroup"
          layout="row"
          choices={Object.entries(libraries).map(([value, { name: label }]) => ({
            value: value as Library,
            label,
          }))}
          value={library}
          onChange={(value) => {
            setLibrary(value);
            dismiss();
          }}
        />
        <NativeSelect
          label="Run"
          value={String(entry.key)}
          onChange={(event) => {
            setChosen(Number(event.currentTarget.value));
            dismiss();
          }}
          data={entries.map(({ key, name: label }) => ({ value: String(key), label }))}
        />
        {text !== null && (
          <>
            <Button variant="default" onClick={() => copy(`The program for ${name}`, text)}>
              Copy
            </Button>
            <Button variant="default" onClick={() => saveFile(file, new Blob([text], { type }))}>
              Save {file}
            </Button>
          </>
        )}
      </div>
      <CopyOutcome copied={copied} onDismiss={dismiss} />
      {text === null ? (
        <p className={styles.lead}>
          The settings of this run are refused: More settings in the Lab says why, at the field. The
          program appears here as soon as they can be trained with.
        </p>
      ) : (
        <>
          <pre
            className={styles.listing}
            tabIndex={0}
            role="group"
            aria-label={`${entry.name} in ${name}`}
          >
            <code>{text}</code>
          </pre>
          <p className={styles.note}>
            Run it with <code>{command}</code>, where mnist is a folder with{' '}
            {config?.dataSet
              ? 'your four IDX files under the names of MNIST’s'
              : 'MNIST’s four files'}
            . It prints the loss and the errors of every epoch, the attacked one as this page
            measures it: FGSM at the page’s attack ε, clipped to 0–1.
          </p>
        </>
      )}
    </Panel>
  );
}
