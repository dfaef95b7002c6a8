import { type ReactNode, useRef } from 'react';
import type { InsideView } from '../../experiment/inside/insideState.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import {
  type InspectedNetwork,
  useInspectedNetworks,
  useShowing,
} from '../../experiment/inside/useShown.ts';
import { hasColorImages } from '../../experiment/runs/answering.ts';
import type { TabOf } from '../../experiment/tabs.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ErrorNotice } from '../../ui/ProblemNotice.tsx';
import { type Tab, TabSet } from '../../ui/TabSet.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import { GradientsTab } from './GradientsTab.tsx';
import styles from './Inside.module.css';
import { LossesTab } from './losses/LossesTab.tsx';
import { WeightsTab } from './WeightsTab.tsx';

const title = 'Inside the networks';

const tabs: readonly Tab<TabOf<'inside'>>[] = [
  { value: 'weights', label: 'Weights', Content: asking('weights', WeightsTab) },
  { value: 'gradients', label: 'Gradients', Content: asking('gradients', GradientsTab) },
  { value: 'losses', label: 'Loss landscape', Content: asking('losses', LossesTab) },
];

/** What the networks learned: their weights and gradients, and the loss around a digit. */
export function InsidePanel() {
  const isColored = useLab(hasColorImages);
  if (!isColored) return <Views />;
  return (
    <UnavailablePanel title={title}>
      These views work for gray images of 28 × 28 pixels, and these networks take color images.
      Choose MNIST to see them.
    </UnavailablePanel>
  );
}

function Views() {
  const lab = useLabActions();
  const tab = useLab((state) => state.openTabs.inside);
  return (
    <Panel title={title}>
      <OriginNote networks={useInspectedNetworks()} />
      <TabSet label="View" tabs={tabs} value={tab} onChange={(name) => lab.openTab(name)} />
    </Panel>
  );
}

/** A view that asks the networks while it is visible. */
function asking(view: InsideView, View: () => ReactNode): () => ReactNode {
  return function AskingView() {
    const place = useRef<HTMLDivElement>(null);
    useOnScreen(place, useShowing(view));
    const networks = useInspectedNetworks();
    const error = useInside((state) => state[view].error);
    return (
      <div ref={place}>
        <ErrorNotice title="The networks could not be inspected" error={error} />
        {networks.length > 0 && <View />}
      </div>
    );
  };
}

/** Says which networks are shown before anything was trained here. */
function OriginNote({ networks }: { readonly networks: readonly InspectedNetwork[] }) {
  const engine = useLab(({ engine: { status } }) => status);
  if (networks.length === 0) {
    return (
      <p className={styles.note}>
        {engine === 'failed'
          ? 'The networks were lost when the engine stopped, so there is nothing to inspect.'
          : 'No network is loaded yet. Press Train in the Lab, or wait until the pretrained ones are loaded.'}
      </p>
    );
  }
  if (networks.some(({ stepsPerEpoch }) => stepsPerEpoch !== null)) return null;
  return (
    <p className={styles.note} data-testid="pretrained-note">
      These networks are pretrained. Train your own in the Lab to watch them learn.
    </p>
  );
}
