import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { AutoIcon, MoonIcon, SunIcon } from '../ui/icons.tsx';

const schemes: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];
const icons = { auto: <AutoIcon />, light: <SunIcon />, dark: <MoonIcon /> };
const names = { auto: 'same as the system', light: 'light', dark: 'dark' };

interface ColorChoice {
  readonly name: string;
  readonly icon: ReactNode;
  readonly switchToNext: () => void;
}

/** Switches between the system's color scheme, light and dark; the choice is remembered. */
export function useColorChoice(): ColorChoice {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = schemes[(schemes.indexOf(colorScheme) + 1) % schemes.length]!;
  return {
    name: names[colorScheme],
    icon: icons[colorScheme],
    switchToNext: () => setColorScheme(next),
  };
}
