import { ActionIcon, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { AutoIcon, MoonIcon, SunIcon } from '../ui/icons.tsx';

const schemes: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];
const icons = { auto: <AutoIcon />, light: <SunIcon />, dark: <MoonIcon /> };
const names = { auto: 'as the system', light: 'light', dark: 'dark' };

/** Switches between the system's color scheme, light and dark; the choice is remembered. */
export function ThemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = schemes[(schemes.indexOf(colorScheme) + 1) % schemes.length]!;
  return (
    <ActionIcon
      variant="default"
      size={36}
      aria-label={`Colors: ${names[colorScheme]}`}
      title={`Colors: ${names[colorScheme]}. Press for ${names[next]}.`}
      onClick={() => setColorScheme(next)}
    >
      {icons[colorScheme]}
    </ActionIcon>
  );
}
