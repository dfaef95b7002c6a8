import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { exampleCount, type LabState } from '../../lab/state.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { formatEpsilon } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { findPerturbationGain } from '../../ui/pixels.ts';
import { RangeSlider } from '../../ui/RangeSlider.tsx';
import { countRight } from './answers.ts';
import { ExampleDigit } from './ExampleDigit.tsx';
import styles from './Examples.module.css';

const largestEpsilon = 0.5;
/** Digits shown where there is little room. */
const phoneCount = 4;

/** A few test digits before and after an attack on the run's network, as it is now. */
export function ExamplesPanel() {
  const lab = useLabActions();
  return (
    <Panel
      title="Examples"
      actions={
        <>
          <AttackSlider />
          <Button variant="default" onClick={() => lab.nextExamples()}>
            Other digits
          </Button>
        </>
      }
    >
      <Digits />
    </Panel>
  );
}

function AttackSlider() {
  const lab = useLabActions();
  const epsilon = useLab((state) => state.attackEpsilon);
  return (
    <RangeSlider
      label="Attack ε"
      value={epsilon}
      min={0}
      max={largestEpsilon}
      step={0.01}
      format={formatEpsilon}
      onChange={(value) => lab.setAttackEpsilon(value)}
    />
  );
}

function Digits() {
  const isPhone = useMediaQuery('(max-width: 47.99em)');
  const images = useLab((state) => state.examples.images);
  const result = useLab((state) => state.examples.result);
  const error = useLab((state) => state.examples.error);
  const count = isPhone ? phoneCount : exampleCount;

  if (images === null) {
    return (
      <p className={styles.note}>
        {error === null ? 'Loading the test images…' : 'The test images could not be loaded.'}
      </p>
    );
  }
  const gain = findPerturbationGain(result?.attack.epsilon ?? 0);
  return (
    <>
      <Verdict count={count} />
      <div className={styles.frame} data-answered={result !== null || undefined}>
        {result !== null && (
          <div className={styles.headings} aria-hidden="true">
            <span>Clean</span>
            <span>
              Perturbation
              <small>{gain.toFixed(1)}× contrast</small>
            </span>
            <span>Perturbed</span>
          </div>
        )}
        <ul className={styles.digits}>
          {Array.from({ length: count }, (_, index) => (
            <ExampleDigit key={index} images={images} index={index} result={result} />
          ))}
        </ul>
      </div>
      {result !== null && <Caption epsilon={result.attack.epsilon} gain={gain} />}
    </>
  );
}

function Verdict({ count }: { readonly count: number }) {
  const { result, error } = useLab((state) => state.examples);
  const isLost = useLab(({ run }) => run !== null && run.status !== 'starting' && !run.hasNetwork);
  if (error !== null) return <p className={styles.failure}>{`${error.message} ${error.remedy}`}</p>;
  if (result === null) {
    return (
      <p className={styles.note}>
        Test digits. A network’s answers, clean and under attack, appear as soon as one trains.
      </p>
    );
  }
  const { clean, adversarial } = countRight(result, count);
  const epsilon = formatEpsilon(result.attack.epsilon);
  return (
    <p className={styles.note}>
      {`Of these ${count} digits the network reads ${clean} correctly, and ${adversarial} under attack with ε ${epsilon}.`}
      {isLost && ' Its last answers: the network was lost with the engine.'}
    </p>
  );
}

function describeConfidence({ run }: LabState): string {
  return run?.config.loss === 'ce'
    ? 'The percentage is the network’s softmax output for its answer.'
    : 'The percentage is the sigmoid output of the winning class; the ten outputs need not add up to 100 %.';
}

function Caption({ epsilon, gain }: { readonly epsilon: number; readonly gain: number }) {
  const confidence = useLab(describeConfidence);
  const range = formatEpsilon(epsilon);
  return (
    <p className={styles.caption}>
      Attack: FGSM, x + ε · sign(∂J/∂x), clipped to 0–1.{' '}
      {epsilon > 0 &&
        `Perturbations are shown at ${gain.toFixed(1)}× contrast: orange adds up to ${range}, blue takes away up to ${range}, grey changes nothing. `}
      {confidence}
    </p>
  );
}
