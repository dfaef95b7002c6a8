import { useLab, useLabActions } from '../../experiment/useLab.ts';
import type { TabOf } from '../../experiment/tabs.ts';
import { Panel } from '../../ui/Panel.tsx';
import { type Tab, TabSet } from '../../ui/TabSet.tsx';
import { BoundsTab } from './bounds/BoundsTab.tsx';
import { CurvesTab } from './CurvesTab.tsx';
import { ConfusionTab } from './predictions/ConfusionTab.tsx';
import { MarginsTab } from './predictions/MarginsTab.tsx';
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

/** What attacks do to the networks: errors against ε, transfer, margins and confusion. */
export function RobustnessPanel() {
  const lab = useLabActions();
  const tab = useLab((state) => state.openTabs.robustness);
  return (
    <Panel title="Robustness">
      <TabSet label="Robustness" tabs={tabs} value={tab} onChange={(name) => lab.openTab(name)} />
    </Panel>
  );
}
