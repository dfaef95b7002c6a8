import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import type { Lab } from '../experiment/lab.ts';
import { LabContext } from '../experiment/useLab.ts';
import { Boundary } from './Boundary.tsx';
import { Page } from './Page.tsx';
import { theme, themeVariables } from './theme.ts';

/** The whole page, drawn from one lab. */
export function App({ lab }: { readonly lab: Lab }) {
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
