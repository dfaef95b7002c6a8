import { hasColorImages } from '../../experiment/runs/answering.ts';
import type { TabOf } from '../../experiment/tabs.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { type Tab, TabSet } from '../../ui/TabSet.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { HalfStep } from './HalfStep.tsx';
import { Methods } from './Methods.tsx';
import { ofStep } from './ofStep.tsx';
import { StepView } from './StepView.tsx';
import { Why } from './why/Why.tsx';

const title = 'How it works';

const tabs: readonly Tab<TabOf<'how'>>[] = [
  { value: 'methods', label: 'What each method trains on', Content: ofStep(Methods) },
  { value: 'step', label: 'One step in five stages', Content: ofStep(StepView) },
  { value: 'half-step', label: 'Half a step of the experiment', Content: HalfStep },
  { value: 'why', label: 'Why it works', Content: Why },
];

/** What adversarial back-propagation does in a training step, and why it works. */
export function HowItWorksPanel() {
  const lab = useLabActions();
  const isColored = useLab(hasColorImages);
  const tab = useLab((state) => state.openTabs.how);
  if (isColored) {
    return (
      <UnavailablePanel title={title}>
        This works for gray images of 28 × 28 pixels, and these networks take color images. Choose
        MNIST to see it.
      </UnavailablePanel>
    );
  }
  return (
    <Panel title={title}>
      <TabSet label={title} tabs={tabs} value={tab} onChange={(name) => lab.openTab(name)} />
    </Panel>
  );
}
