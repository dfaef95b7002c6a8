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
      The programs read gray images of 28 × 28 pixels, like MNIST’s, and your images are in color.
      Choose MNIST to see them.
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
        One run of the current setup as a stand-alone program: the same network, method, optimizer
        and schedule. Its random numbers differ from this page’s, so expect results like those of
        another seed.
      </p>
      <div className={styles.controls}>
        <ChoiceGroup
          label="Library"
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
          This run’s settings are not valid yet. More settings in the Lab marks the field and says
          why; the program appears here once it is corrected.
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
            {config?.dataSet ? 'your four IDX files, named like MNIST’s' : 'MNIST’s four files'}.
            After every epoch it prints the loss, the clean error and the error under FGSM at this
            page’s attack ε, clipped to 0–1.
          </p>
        </>
      )}
    </Panel>
  );
}
