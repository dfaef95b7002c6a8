import { MantineProvider } from '@mantine/core';
import { StrictMode, useEffect } from 'react';
import type { Lab } from '../experiment/lab.ts';
import { LabContext } from '../experiment/useLab.ts';
import { afterPaint } from './afterPaint.ts';
import { Boundary } from './Boundary.tsx';
import { Page } from './Page.tsx';
import { theme, themeVariables } from './theme.ts';

interface AppProps {
  readonly lab: Lab;
  /** Called when the first screen has been painted; the same function at every rendering. */
  readonly onShown: () => void;
}

/** The whole page, drawn from one lab. */
export function App({ lab, onShown }: AppProps) {
  useEffect(() => afterPaint(onShown), [onShown]);
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={themeVariables}
        defaultColorScheme="auto"
      >
        <LabContext value={lab}>
          <Boundary name="The page">
            <Page />
          </Boundary>
        </LabContext>
      </MantineProvider>
    </StrictMode>
  );
}
