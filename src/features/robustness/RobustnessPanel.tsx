import { useLab, useLabActions } from '../../experiment/useLab.ts';
import type { TabOf } from '../../experiment/tabs.ts';
import type { LabState } from '../../experiment/state.ts';
import { Panel } from '../../ui/Panel.tsx';
import { type Tab, TabSet } from '../../ui/TabSet.tsx';
import { BoundsTab } from './bounds/BoundsTab.tsx';
import { CurvesTab } from './CurvesTab.tsx';
import { ConfusionTab } from './predictions/ConfusionTab.tsx';
import { MarginsTab } from './predictions/MarginsTab.tsx';
import styles from './Robustness.module.css';
import { SmallestTab } from './smallest/SmallestTab.tsx';
import { TransferTab } from './transfer/TransferTab.tsx';

const tabs: readonly Tab<TabOf<'robustness'>>[] = [
  { value: 'epsilon', label: 'Error against ε', Content: CurvesTab },
  { value: 'bounds', label: 'Proof', Content: BoundsTab },
  { value: 'smallest', label: 'Smallest ε', Content: SmallestTab },
  { value: 'transfer', label: 'Transfer', Content: TransferTab },
  { value: 'margins', label: 'Margins', Content: MarginsTab },
  { value: 'confusion', label: 'Confusion', Content: ConfusionTab },
];

/** Whose networks these are, when the Lab's numbers are means over seeds; null otherwise. */
function describeSeed({ runs: [first], repeats }: LabState): string | null {
  // From the start of the second seed, which is in the Lab: nothing here moves when a seed ends.
  if (first === undefined || repeats.runs.length + repeats.finished.length === 0) return null;
  return `These are the networks of seed ${first.config.seed} alone; the Lab’s verdict and results are means over seeds.`;
}

/** What attacks do to the networks: errors against ε, transfer, margins and confusion. */
export function RobustnessPanel() {
  const lab = useLabActions();
  const tab = useLab((state) => state.openTabs.robustness);
  const seed = useLab(describeSeed);
  return (
    <Panel title="Robustness">
      {seed !== null && (
        <p className={styles.lead} data-testid="one-seed">
          {seed}
        </p>
      )}
      <TabSet label="Robustness" tabs={tabs} value={tab} onChange={(name) => lab.openTab(name)} />
    </Panel>
  );
}
