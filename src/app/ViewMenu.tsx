import { ActionIcon, Menu } from '@mantine/core';
import { MoreIcon, PresentIcon } from '../ui/icons.tsx';
import { useLabActions } from '../experiment/useLab.ts';
import { useColorChoice } from './useColorChoice.tsx';
import { useShortcutChoice } from './useShortcuts.ts';

/** What a person sets for their own eyes and hands: presenting, colors and shortcuts. */
export function ViewMenu() {
  const lab = useLabActions();
  const colors = useColorChoice();
  const [hasShortcuts, setShortcuts] = useShortcutChoice();
  function present(): void {
    lab.goTo('lab');
    lab.update({ isPresenting: true });
    document.getElementById('main')?.focus({ preventScroll: true }); // the menu is gone
  }
  return (
    <Menu
      position="bottom-end"
      shadow="md"
      withinPortal={false}
      // The focus goes to the first entry; a placeholder has no place in a menu.
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="View">
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
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
      </Menu.Dropdown>
    </Menu>
  );
}
