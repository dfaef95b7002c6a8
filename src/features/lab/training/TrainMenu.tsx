import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import {
  type ExperimentCommand,
  findDisabledReason,
} from '../../../experiment/training/commands.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { FloatingMenu } from '../../../ui/floating/Floating.tsx';
import type { Anchored } from '../../../ui/floating/useOpener.ts';
import { DiceIcon, EpochIcon, HalfStepIcon, ResetIcon, StepIcon } from '../../../ui/icons.tsx';

const entries: readonly { command: ExperimentCommand; label: string; icon: ReactNode }[] = [
  { command: 'step', label: 'One step', icon: <StepIcon /> },
  { command: 'halfStep', label: 'Half a step', icon: <HalfStepIcon /> },
  { command: 'trainEpoch', label: 'One epoch', icon: <EpochIcon /> },
  { command: 'reset', label: 'Start over', icon: <ResetIcon /> },
  { command: 'newSeed', label: 'New random seed', icon: <DiceIcon /> },
];

/** The finer steps of training, beside the button that trains. */
export function TrainMenu(anchored: Anchored) {
  return (
    <FloatingMenu {...anchored} position="bottom-start">
      {entries.map((entry) => (
        <Item key={entry.command} {...entry} />
      ))}
    </FloatingMenu>
  );
}

function Item({ command, label, icon }: (typeof entries)[number]) {
  const lab = useLabActions();
  const reason = useLab((state) => findDisabledReason(state, command));
  return (
    <Menu.Item
      leftSection={icon}
      aria-disabled={reason !== null}
      data-disabled={reason !== null}
      title={reason ?? ''}
      onClick={() => {
        if (reason === null) lab[command]();
      }}
    >
      {label}
    </Menu.Item>
  );
}
