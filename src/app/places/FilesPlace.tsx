import { CodePanel } from '../../features/code/CodePanel.tsx';
import { TransferFiles } from '../../features/lab/results/TransferFiles.tsx';
import { SavedExperimentsPanel } from '../../features/savedExperiments/SavedExperimentsPanel.tsx';
import { Boundary } from '../Boundary.tsx';
import { Hideable } from '../Hideable.tsx';
import styles from './Place.module.css';

/** Export, open, saved experiments and code. */
export function FilesPlace() {
  return (
    <div className={styles.panels}>
      <Boundary name="Files">
        <TransferFiles />
      </Boundary>
      <Hideable panel="experiments">
        <Boundary name="Saved experiments">
          <SavedExperimentsPanel />
        </Boundary>
      </Hideable>
      <Hideable panel="code">
        <Boundary name="Code">
          <CodePanel />
        </Boundary>
      </Hideable>
    </div>
  );
}
