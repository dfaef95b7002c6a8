import { useLocalStorage } from '@mantine/hooks';
import { useEffect } from 'react';
import { firstDigits } from '../experiment/drawing/firstScreen.ts';
import type { Lab } from '../experiment/lab.ts';
import { findTrainingStatus } from '../experiment/runs/repeats.ts';
import { findDisabledReason } from '../experiment/training/commands.ts';
import { useLabActions } from '../experiment/useLab.ts';

/** Whether single keys are shortcuts. A person who speaks to the computer, for example, turns them off (WCAG 2.1.4). */
export function useShortcutChoice(): [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useLocalStorage({
    key: 'keyboard-shortcuts',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return [isOn, setOn];
}

/** What uses these keys itself. */
const users =
  'input, textarea, select, button, a, summary, [contenteditable], [role="menu"], [role="dialog"], [role="application"], [role="tab"]';

/** In the lab, 0 to 9 put a test digit on the pad, and space plays and pauses. */
export function useShortcuts(): void {
  const lab = useLabActions();
  const [isOn] = useShortcutChoice();
  useEffect(() => {
    if (!isOn) return;
    function handleKey(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(users)) return;
      if (lab.store.getState().place !== 'lab') return;
      const isDone =
        event.key === ' ' ? playOrPause(lab, event.repeat) : placeDigit(lab, event.key);
      if (isDone) event.preventDefault();
    }
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, [lab, isOn]);
}

function playOrPause(lab: Lab, isRepeat: boolean): boolean {
  const state = lab.store.getState();
  const isRunning = ['busy', 'pausing'].includes(findTrainingStatus(state));
  const command = isRunning ? 'pause' : 'train';
  if (state.hiddenPanels.includes('train')) return false;
  if (findDisabledReason(state, command) !== null) return false;
  if (!isRepeat) lab[command]();
  return true;
}

function placeDigit(lab: Lab, key: string): boolean {
  const { hiddenPanels, customData } = lab.store.getState();
  if (!/^\d$/.test(key) || hiddenPanels.includes('draw')) return false;
  if (customData.loaded?.shape === 'color-32') return false;
  lab.drawing.place(firstDigits[Number(key)]!);
  return true;
}
