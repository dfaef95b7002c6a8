import { Tabs } from '@mantine/core';
import { type ComponentType, useState } from 'react';
import styles from './TabSet.module.css';

export interface Tab<T extends string> {
  /** Part of an id, so without spaces. */
  readonly value: T;
  readonly label: string;
  readonly Content: ComponentType;
}

interface TabSetProps<T extends string> {
  /** What the tabs choose between, for screen readers. */
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** Shows one of several contents. One that was left keeps its state, but asks and draws nothing. */
export function TabSet<T extends string>({ label, tabs, value, onChange }: TabSetProps<T>) {
  const [visited, setVisited] = useState<readonly T[]>([value]);
  if (!visited.includes(value)) setVisited([...visited, value]);
  return (
    <Tabs
      value={value}
      onChange={(chosen) => {
        const tab = tabs.find((one) => one.value === chosen);
        if (tab !== undefined) onChange(tab.value);
      }}
      keepMounted={false}
    >
      <Tabs.List aria-label={label} className={styles.list}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab.value} value={tab.value} className={styles.tab}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value: name, Content }) => (
        <Tabs.Panel
          key={name}
          value={name}
          keepMounted={visited.includes(name)}
          className={styles.panel}
        >
          <Content />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
