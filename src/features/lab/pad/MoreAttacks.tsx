import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { AttackTab } from './AttackTab.tsx';
import styles from './Draw.module.css';
import { Predictions } from './Predictions.tsx';
import { SmallestTab } from './SmallestTab.tsx';
import { TransformTab } from './TransformTab.tsx';

const tabs = [
  { value: 'attack', label: 'Kind of attack', Content: AttackTab },
  { value: 'smallest', label: 'Smallest ε', Content: SmallestTab },
  { value: 'transform', label: 'Transform', Content: TransformTab },
  { value: 'probabilities', label: 'Probabilities', Content: Predictions },
] as const;

/** What else can be done with the digit on the pad: other attacks, targets, transforms, and all probabilities. */
export function MoreAttacks() {
  const [tab, setTab] = useState<string | null>('attack');
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
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
  );
}
