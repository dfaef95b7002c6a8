import { useMediaQuery } from '@mantine/hooks';
import { CodePanel } from '../features/code/CodePanel.tsx';
import { ControlBar } from '../features/controls/ControlBar.tsx';
import { CurvesPanel } from '../features/curves/CurvesPanel.tsx';
import { DrawPanel } from '../features/draw/DrawPanel.tsx';
import { ExamplesPanel } from '../features/examples/ExamplesPanel.tsx';
import { HowItWorksPanel } from '../features/howItWorks/HowItWorksPanel.tsx';
import { InsidePanel } from '../features/inside/InsidePanel.tsx';
import { PaperPanel } from '../features/paper/PaperPanel.tsx';
import { SavedExperimentsPanel } from '../features/savedExperiments/SavedExperimentsPanel.tsx';
import { ResultsPanel } from '../features/results/ResultsPanel.tsx';
import { RobustnessPanel } from '../features/robustness/RobustnessPanel.tsx';
import { HiddenPanels } from '../features/share/HiddenPanels.tsx';
import { SetupPanel } from '../features/setup/SetupPanel.tsx';
import { Tour } from '../features/tour/Tour.tsx';
import { useIsHidden } from '../experiment/useIsHidden.ts';
import { Boundary } from './Boundary.tsx';
import { Header } from './Header.tsx';
import { Hideable } from './Hideable.tsx';
import styles from './Page.module.css';
import { Problems } from './Problems.tsx';
import { SetupSheet } from './SetupSheet.tsx';

/** Lays out the page: the setup is beside the panels on wide screens and in a sheet on phones. */
export function Page() {
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  const isSetupHidden = useIsHidden('setup');
  const curves = (
    <Hideable key="curves" panel="curves">
      <Boundary name="Curves">
        <CurvesPanel />
      </Boundary>
    </Hideable>
  );
  const examples = (
    <Hideable key="examples" panel="examples">
      <Boundary name="Examples">
        <ExamplesPanel />
      </Boundary>
    </Hideable>
  );
  const draw = (
    <Hideable key="draw" panel="draw">
      <Boundary name="The drawing pad">
        <DrawPanel />
      </Boundary>
    </Hideable>
  );
  const results = (
    <Hideable key="results" panel="results">
      <Boundary name="Results">
        <ResultsPanel />
      </Boundary>
    </Hideable>
  );
  const robustness = (
    <Hideable key="robustness" panel="robustness">
      <Boundary name="Robustness">
        <RobustnessPanel />
      </Boundary>
    </Hideable>
  );
  const how = (
    <Hideable key="how" panel="how">
      <Boundary name="How it works">
        <HowItWorksPanel />
      </Boundary>
    </Hideable>
  );
  const inside = (
    <Hideable key="inside" panel="inside">
      <Boundary name="Inside the networks">
        <InsidePanel />
      </Boundary>
    </Hideable>
  );
  const paper = (
    <Hideable key="paper" panel="paper">
      <Boundary name="The paper’s numbers">
        <PaperPanel />
      </Boundary>
    </Hideable>
  );
  const code = (
    <Hideable key="code" panel="code">
      <Boundary name="Code">
        <CodePanel />
      </Boundary>
    </Hideable>
  );
  const experiments = (
    <Hideable key="experiments" panel="experiments">
      <Boundary name="Saved experiments">
        <SavedExperimentsPanel />
      </Boundary>
    </Hideable>
  );
  const controls = (
    <Boundary key="controls" name="The controls">
      <ControlBar />
    </Boundary>
  );
  return (
    <div className={styles.page}>
      <Header />
      <div className={styles.columns} data-single={isSetupHidden || undefined}>
        {!isPhone && !isSetupHidden && (
          <div className={styles.setup}>
            <Boundary name="Setup">
              <SetupPanel />
            </Boundary>
          </div>
        )}
        <main className={styles.main}>
          <Problems />
          {!isPhone && <div className={styles.controls}>{controls}</div>}
          {isPhone ? [draw, examples, curves] : [curves, examples, draw]}
          {results}
          {robustness}
          {inside}
          {how}
          {paper}
          {code}
          {experiments}
          <HiddenPanels />
          {isPhone && (
            <div className={styles.dock}>
              {controls}
              <Hideable panel="setup">
                <SetupSheet>
                  <Boundary name="Setup">
                    <SetupPanel />
                  </Boundary>
                </SetupSheet>
              </Hideable>
            </div>
          )}
        </main>
      </div>
      <Boundary name="The tour">
        <Tour />
      </Boundary>
    </div>
  );
}
