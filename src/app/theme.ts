import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The only accent color, an indigo that differs from every run's color. */
const indigo: MantineColorsTuple = [
  '#eeeefc',
  '#d9d9f7',
  '#b9b8f0',
  '#a5a3f2',
  '#8a86ea',
  '#6a64de',
  '#5048cf',
  '#4740c0',
  '#3b35a6',
  '#2f2a85',
];

const family =
  "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";

/** Sizes of text; `axis` is for charts alone. */
const sizes = {
  axis: '0.8125rem',
  small: '0.9375rem',
  body: '0.9375rem',
  large: '1.25rem',
  headline: '2.125rem',
};

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  colors: { indigo },
  fontFamily: family,
  headings: { fontFamily: family, fontWeight: '600' },
  fontSizes: { xs: sizes.body, sm: sizes.body, md: sizes.body, lg: sizes.body, xl: sizes.large },
  defaultRadius: 6,
  respectReducedMotion: true,
  components: {
    TextInput: { defaultProps: { size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'sm' } },
  },
});

/** The page's own colors; contrast against --page is at least 4.5 for text and 3 for outlines. */
export const themeVariables: CSSVariablesResolver = () => ({
  variables: {
    '--text-axis': sizes.axis,
    '--text-small': sizes.small,
    '--text-body': sizes.body,
    '--text-large': sizes.large,
    '--text-headline': sizes.headline,
  },
  light: {
    '--page': '#ffffff',
    '--ink': '#16181d',
    '--muted': '#5a6070',
    '--hairline': '#e4e6eb',
    '--outline': '#868c99',
    '--accent': '#4740c0',
    '--on-accent': '#ffffff',
    '--right': '#00694d',
    '--error': '#b3261e',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#16181d',
    '--mantine-color-dimmed': '#5a6070',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-default-border': '#868c99',
  },
  dark: {
    '--page': '#101216',
    '--ink': '#e9ebf0',
    '--muted': '#a0a6b4',
    '--hairline': '#2a2e37',
    '--outline': '#6f7684',
    '--accent': '#a5a3f2',
    '--on-accent': '#14121f',
    '--right': '#4fc9a3',
    '--error': '#ff9a90',
    '--mantine-color-body': '#101216',
    '--mantine-color-text': '#e9ebf0',
    '--mantine-color-dimmed': '#a0a6b4',
    '--mantine-color-error': '#ff9a90',
    '--mantine-color-default': '#171a20',
    '--mantine-color-default-border': '#6f7684',
  },
});
