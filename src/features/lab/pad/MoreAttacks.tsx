import { useState } from 'react';
import { type Tab, TabSet } from '../../../ui/TabSet.tsx';
import { AttackTab } from './AttackTab.tsx';
import { Predictions } from './Predictions.tsx';
import { SmallestTab } from './SmallestTab.tsx';
import { TransformTab } from './TransformTab.tsx';

type Name = 'attack' | 'smallest' | 'transform' | 'probabilities';

const tabs: readonly Tab<Name>[] = [
  { value: 'attack', label: 'Kind of attack', Content: AttackTab },
  { value: 'smallest', label: 'Smallest ε', Content: SmallestTab },
  { value: 'transform', label: 'Transform', Content: TransformTab },
  { value: 'probabilities', label: 'Probabilities', Content: Predictions },
];

/** What else can be done with the digit on the pad: other attacks, targets, transforms, and all probabilities. */
export function MoreAttacks() {
  const [tab, setTab] = useState<Name>('attack');
  return <TabSet label="Ways to attack the drawing" tabs={tabs} value={tab} onChange={setTab} />;
}
