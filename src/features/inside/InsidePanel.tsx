import { Tabs } from '@mantine/core';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import type { InsideView } from '../../experiment/inside/insideState.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { hasColorImages } from '../../experiment/runs/answering.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { ErrorNotice } from '../../ui/ProblemNotice.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import { ConfusionTab } from './ConfusionTab.tsx';
import { GradientsTab } from './GradientsTab.tsx';
import styles from './Inside.module.css';
import { LossesTab } from './losses/LossesTab.tsx';
import { MarginsTab } from './MarginsTab.tsx';
import { type InsideNetwork, useNetworks } from './useNetworks.ts';
import { WeightsTab } from './WeightsTab.tsx';

interface TabContent {
  /** Part of an id, so without spaces. */
  readonly value: string;
  readonly label: string;
  readonly view: InsideView;
  readonly Content: () => ReactNode;
}

const tabs: readonly TabContent[] = [
  { value: 'weights', label: 'Weights', view: 'weights', Content: WeightsTab },
  { value: 'gradients', label: 'Gradients', view: 'gradients', Content: GradientsTab },
  { value: 'confusion', label: 'Confusion', view: 'attackPredictions', Content: ConfusionTab },
  { value: 'margins', label: 'Margins', view: 'attackPredictions', Content: MarginsTab },
  { value: 'losses', label: 'Loss around', view: 'losses', Content: LossesTab },
];

/** What the networks learned: their weights and gradients, and their errors. */
export function InsidePanel() {
  const isColored = useLab(hasColorImages);
  if (!isColored) return <Views />;
  return (
    <UnavailablePanel title="Inside the networks">
      These views are made for images of 28 × 28 grey pixels, and these networks take images in
      colour. They are back with MNIST.
    </UnavailablePanel>
  );
}

function Views() {
  const [tab, setTab] = useState<string | null>('weights');
  const place = useRef<HTMLDivElement>(null);
  const { view } = tabs.find(({ value }) => value === tab)!;
  const { inside } = useLabActions();
  const networks = useNetworks();
  const error = useInside((state) => state[view].error);
  const show = useCallback(
    (isOnScreen: boolean) => inside.show(isOnScreen ? view : null),
    [inside, view],
  );
  useOnScreen(place, show);
  return (
    <Panel title="Inside the networks">
      <div ref={place}>
        <OriginNote networks={networks} />
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List aria-label="What to look at">
            {tabs.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ value, Content }) => (
            <Tabs.Panel key={value} value={value} className={styles.tab}>
              <ErrorNotice title="The networks could not be looked into" error={error} />
              {networks.length > 0 && <Content />}
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
    </Panel>
  );
}

/** Says which networks are shown before anything was trained here. */
function OriginNote({ networks }: { readonly networks: readonly InsideNetwork[] }) {
  const engine = useLab(({ engine: { status } }) => status);
  if (networks.length === 0) {
    return (
      <p className={styles.note}>
        {engine === 'failed'
          ? 'The networks were lost with the engine: there is nothing to look into.'
          : 'There is no network to look into yet. Press Train in the Lab, or wait until the pretrained ones are loaded.'}
      </p>
    );
  }
  if (networks.some(({ stepsPerEpoch }) => stepsPerEpoch !== null)) return null;
  return (
    <p className={styles.note} data-testid="pretrained-note">
      Nothing was trained here yet: these are the pretrained networks. Train in the Lab to look into
      your own while they learn.
    </p>
  );
}
