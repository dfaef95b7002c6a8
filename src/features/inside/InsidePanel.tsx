import { Tabs } from '@mantine/core';
import { useCallback, useRef, useState } from 'react';
import type { InsideView } from '../../experiment/inside/insideState.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { hasColorImages } from '../../experiment/runs/answering.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { ProblemNotice } from '../../ui/ProblemNotice.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import { ConfusionTab } from './ConfusionTab.tsx';
import { GradientsTab } from './GradientsTab.tsx';
import styles from './Inside.module.css';
import { LossesTab } from './losses/LossesTab.tsx';
import { MarginsTab } from './MarginsTab.tsx';
import { useNetworks } from './useNetworks.ts';
import { WeightsTab } from './WeightsTab.tsx';

const tabs = [
  { value: 'weights', label: 'Weights', view: 'weights', Content: WeightsTab },
  { value: 'gradients', label: 'Gradients', view: 'gradients', Content: GradientsTab },
  { value: 'confusion', label: 'Confusion', view: 'attackPredictions', Content: ConfusionTab },
  { value: 'margins', label: 'Margins', view: 'attackPredictions', Content: MarginsTab },
  { value: 'losses', label: 'Loss around', view: 'losses', Content: LossesTab },
] as const satisfies readonly { view: InsideView; [key: string]: unknown }[];
type TabName = (typeof tabs)[number]['value'];

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
  const [tab, setTab] = useState<TabName>('weights');
  const place = useRef<HTMLDivElement>(null);
  const { view } = tabs.find(({ value }) => value === tab)!;
  const { inside } = useLabActions();
  const show = useCallback(
    (isOnScreen: boolean) => inside.show(isOnScreen ? view : null),
    [inside, view],
  );
  useOnScreen(place, show);
  return (
    <Panel title="Inside the networks">
      <div ref={place}>
        <PretrainedNote />
        <Tabs
          value={tab}
          onChange={(value) => {
            if (value !== null) setTab(value as TabName);
          }}
          keepMounted={false}
        >
          <Tabs.List aria-label="What to look at">
            {tabs.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ value, Content }) => (
            <Tabs.Panel key={value} value={value} className={styles.tab}>
              <Problem view={view} />
              <Content />
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
    </Panel>
  );
}

/** Says which networks are shown before anything was trained here. */
function PretrainedNote() {
  const networks = useNetworks();
  const isEmpty = networks.length === 0;
  const engine = useLab(({ engine: { status } }) => status);
  if (isEmpty) {
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

function Problem({ view }: { readonly view: InsideView }) {
  const error = useInside((state) => state[view].error);
  if (error === null) return null;
  return (
    <ProblemNotice
      title="The networks could not be looked into"
      sentences={[error.message, error.remedy]}
    />
  );
}
