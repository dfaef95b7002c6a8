import { ActionIcon, Menu } from '@mantine/core';
import { KeyboardIcon, MoreIcon } from '../ui/icons.tsx';
import { useColorChoice } from './useColorChoice.tsx';
import { useShortcutChoice } from './useShortcuts.ts';

/** What a person sets for their own eyes and hands: colors and shortcuts. */
export function ViewMenu() {
  const colors = useColorChoice();
  const [hasShortcuts, setShortcuts] = useShortcutChoice();
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
        <Menu.Item leftSection={colors.icon} closeMenuOnClick={false} onClick={colors.switchToNext}>
          {`Colors: ${colors.name}`}
        </Menu.Item>
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={hasShortcuts}
          leftSection={<KeyboardIcon />}
          closeMenuOnClick={false}
          onClick={() => setShortcuts(!hasShortcuts)}
        >
          {hasShortcuts
            ? 'Shortcuts on: 0 to 9 put a digit on the pad, space trains'
            : 'Shortcuts off: press to use 0 to 9 and space'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
