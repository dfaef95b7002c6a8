import { useMediaQuery } from '@mantine/hooks';
import { ControlBar } from '../features/controls/ControlBar.tsx';
import { CurvesPanel } from '../features/curves/CurvesPanel.tsx';
import { ExamplesPanel } from '../features/examples/ExamplesPanel.tsx';
import { SetupPanel } from '../features/setup/SetupPanel.tsx';
import { Boundary } from './Boundary.tsx';
import { Header } from './Header.tsx';
import styles from './Page.module.css';
import { Problems } from './Problems.tsx';
import { SetupSheet } from './SetupSheet.tsx';

/** Everything in its place: setup beside the rest on wide screens, in a sheet on phones. */
export function Page() {
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  const curves = (
    <Boundary key="curves" name="Curves">
      <CurvesPanel />
    </Boundary>
  );
  const examples = (
    <Boundary key="examples" name="Examples">
      <ExamplesPanel />
    </Boundary>
  );
  const controls = (
    <Boundary key="controls" name="The controls">
      <ControlBar />
    </Boundary>
  );
  return (
    <div className={styles.page}>
      <Header />
      <div className={styles.columns}>
        {!isPhone && (
          <div className={styles.setup}>
            <Boundary name="Setup">
              <SetupPanel />
            </Boundary>
          </div>
        )}
        <main className={styles.main}>
          <Problems />
          {!isPhone && <div className={styles.controls}>{controls}</div>}
          {isPhone ? [examples, curves] : [curves, examples]}
          {isPhone && (
            <div className={styles.dock}>
              {controls}
              <SetupSheet>
                <Boundary name="Setup">
                  <SetupPanel />
                </Boundary>
              </SetupSheet>
            </div>
          )}
        </main>
      </div>
    </div>
  );
}
