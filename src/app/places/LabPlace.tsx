import { Activity } from 'react';
import { Hero } from '../../features/lab/hero/Hero.tsx';
import { OutcomeHeadline } from '../../features/lab/results/OutcomeHeadline.tsx';
import { useOutcome } from '../../features/lab/results/useOutcome.ts';
import { WhatNext } from '../../features/lab/results/WhatNext.tsx';
import { Training } from '../../features/lab/training/Training.tsx';
import { useLab } from '../../experiment/useLab.ts';
import type { LabState } from '../../experiment/state.ts';
import { onDemand } from '../../ui/onDemand/onDemand.tsx';
import { Boundary } from '../Boundary.tsx';
import { Hideable } from '../Hideable.tsx';
import { usePhone } from '../usePhone.ts';
import { useIsPresenting } from '../usePresenting.ts';
import styles from './Place.module.css';

const CurvesPanel = onDemand(
  'Curves',
  async () => (await import('../../features/lab/curves/CurvesPanel.tsx')).CurvesPanel,
);
const ResultsPanel = onDemand(
  'Results',
  async () => (await import('../../features/lab/results/ResultsPanel.tsx')).ResultsPanel,
);
const ExamplesPanel = onDemand(
  'Examples',
  async () => (await import('../../features/lab/examples/ExamplesPanel.tsx')).ExamplesPanel,
);

function isRepeating({ repeats }: LabState): boolean {
  return repeats.runs.length > 0;
}

function hasCurves({ runs, references }: LabState): boolean {
  return runs.length + references.length > 0;
}

/** The panel belongs to the button in the page's bar. */
function openShare(): void {
  document.querySelector<HTMLElement>('[data-opens="share"]')?.click();
}

/** The digit and the three networks; train your own; curves, test digits and results. */
export function LabPlace() {
  const isPhone = usePhone();
  const isPresenting = useIsPresenting();
  const outcome = useOutcome();
  const hasRepeats = useLab(isRepeating);
  const areCurvesShown = useLab(hasCurves);
  return (
    <div className={styles.panels}>
      <Boundary name="The drawing pad">
        <Hero
          verdict={outcome === null ? null : <OutcomeHeadline outcome={outcome} />}
          price={outcome?.shortPrice ?? ''}
        />
      </Boundary>
      {/* Hidden, not removed: what is unfolded there stays so. */}
      <Activity mode={isPresenting ? 'hidden' : 'visible'}>
        <Hideable panel="train">
          <Boundary name="Training">
            <Training
              hasDock={isPhone}
              end={
                // The progress of other seeds stays, whatever the ε.
                outcome === null && !hasRepeats ? null : (
                  <WhatNext outcome={outcome} onShare={openShare} />
                )
              }
            />
          </Boundary>
        </Hideable>
        <div className={styles.details}>
          {areCurvesShown && (
            <>
              <Hideable panel="curves">
                <div className={styles.curves}>
                  <Boundary name="Curves">
                    <CurvesPanel />
                  </Boundary>
                </div>
              </Hideable>
              <Hideable panel="results">
                <div className={styles.results}>
                  <Boundary name="Results">
                    <ResultsPanel />
                  </Boundary>
                </div>
              </Hideable>
            </>
          )}
          <Hideable panel="examples">
            <div className={styles.examples}>
              <Boundary name="Examples">
                <ExamplesPanel />
              </Boundary>
            </div>
          </Hideable>
        </div>
      </Activity>
    </div>
  );
}
