import { Tabs } from '@mantine/core';
import { useRef, useState } from 'react';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { Predictions } from './Predictions.tsx';
import { AttackTab } from './AttackTab.tsx';
import styles from './Draw.module.css';
import { NetworkInput } from './NetworkInput.tsx';
import { PadCanvas } from './PadCanvas.tsx';
import { PadTools, TestDigits } from './PadTools.tsx';
import { PictureFiles } from './PictureFiles.tsx';
import { SmallestTab } from './SmallestTab.tsx';
import { TransformTab } from './TransformTab.tsx';

const tabs = [
  { value: 'attack', label: 'Attack it', Content: AttackTab },
  { value: 'smallest', label: 'Smallest ε', Content: SmallestTab },
  { value: 'transform', label: 'Transform it', Content: TransformTab },
] as const;

/** A pad to draw a digit, the networks' input and predictions, and the smallest changes that fool them. */
export function DrawPanel() {
  const lab = useLabActions();
  const columns = useRef<HTMLDivElement>(null);
  const [tab, setTab] = useState<string | null>('attack');
  const ownShape = useLab(({ customData }) => customData.loaded?.shape ?? null);
  if (ownShape === 'color-32') {
    return (
      <UnavailablePanel title="Draw">
        The pad draws digits of 28 × 28 grey pixels, and these networks take images in colour. It is
        back with MNIST.
      </UnavailablePanel>
    );
  }
  return (
    <Panel title="Draw">
      {ownShape !== null && (
        <p className={styles.note}>
          The pad draws digits as MNIST has them. Networks that were trained on your files answer
          with the number of a class.
        </p>
      )}
      <div className={styles.columns} ref={columns}>
        <div className={styles.pad}>
          <PadCanvas />
          <PadTools />
        </div>
        <div className={styles.predictions}>
          <Predictions />
        </div>
        <div className={styles.input}>
          <NetworkInput />
        </div>
        <div className={styles.starts}>
          <TestDigits />
          <PictureFiles section={columns} />
        </div>
      </div>
      <Tabs
        className={styles.tabs}
        value={tab}
        onChange={(value) => {
          setTab(value);
          lab.drawing.showAttack(value === 'attack');
        }}
        keepMounted={false}
      >
        <Tabs.List aria-label="What to do with the drawing">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ value, Content }) => (
          <Tabs.Panel key={value} value={value} className={styles.tab}>
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}
