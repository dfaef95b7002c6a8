import { Menu } from '@mantine/core';
import { useLabActions } from '../experiment/useLab.ts';
import { FloatingMenu } from '../ui/floating/Floating.tsx';
import type { Anchored } from '../ui/floating/useOpener.ts';
import { PresentIcon } from '../ui/icons.tsx';
import { useColorChoice } from './useColorChoice.tsx';
import { useShortcutChoice } from './useShortcuts.ts';

/** What a person sets for their own eyes and hands: presenting, colors and shortcuts. */
export function ViewMenuEntries(anchored: Anchored) {
  const lab = useLabActions();
  const colors = useColorChoice();
  const [hasShortcuts, setShortcuts] = useShortcutChoice();
  function present(): void {
    lab.goTo('lab');
    lab.update({ isPresenting: true });
    document.getElementById('main')?.focus({ preventScroll: true }); // the menu is gone
  }
  return (
    <FloatingMenu {...anchored} position="bottom-end">
      <Menu.Item leftSection={<PresentIcon />} onClick={present}>
        Present: only the first screen, large; arrow keys show the tour
      </Menu.Item>
      <Menu.Item leftSection={colors.icon} closeMenuOnClick={false} onClick={colors.switchToNext}>
        {`Colors: ${colors.name}`}
      </Menu.Item>
      <Menu.CheckboxItem
        checked={hasShortcuts}
        closeMenuOnClick={false}
        onChange={() => setShortcuts(!hasShortcuts)}
      >
        Shortcuts: 0 to 9 put a digit on the pad, Space trains
      </Menu.CheckboxItem>
    </FloatingMenu>
  );
}
