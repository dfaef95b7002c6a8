import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useDeferredValue, useRef } from 'react';
import { inspectedNetwork } from '../../../experiment/inspection/inspectedQuestion.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { ErrorNotice } from '../../../ui/ProblemNotice.tsx';
import { useOnScreen } from '../../../ui/useOnScreen.ts';
import choiceStyles from '../Choices.module.css';
import { EpsilonChoice, NetworkChoice } from '../Choices.tsx';
import { Claim, Paper } from './Claim.tsx';
import styles from './Why.module.css';
import {
  describeLimits,
  describeLinearity,
  describeNoise,
  isFiniteMeasures,
} from './whyNumbers.ts';
import { WhyTable } from './WhyTable.tsx';

/** Four claims about why the method works and what it does not do, each with its source and this page's numbers. */
export function Why() {
  const word = useImageWord();
  const place = useRef<HTMLDivElement>(null);
  const { directions } = useLabActions();
  useOnScreen(place, directions.show);
  const measures = useDeferredValue(useLab((state) => state.directions.measures));
  const error = useLab((state) => state.directions.error);
  const id = useLab((state) => inspectedNetwork(state)?.id ?? '');
  const name = useLab((state) => inspectedNetwork(state)?.name ?? '');
  const measured = measures[id];
  const own = measured && isFiniteMeasures(measured) ? measured : null;
  return (
    <div ref={place}>
      <div className={choiceStyles.choices}>
        <NetworkChoice />
        <EpsilonChoice />
      </div>
      <ErrorNotice title="The networks could not be measured" error={error} />
      <div className={styles.claims}>
        <Claim
          title="Many small changes add up"
          gist="Small changes to all pixels, each in the right direction, change the loss a lot."
          numbers={own && describeLinearity(own)}
          name={name}
          source={
            <>
              <Paper id="1412.6572">Goodfellow et al. 2015</Paper>, sections 3 and 4, for the sum
              along the sign; ε · ‖∂J/∂x‖₂ is the standard deviation of a sum with independent
              random signs
            </>
          }
        >
          Moving every pixel by ε along the gradient’s sign changes the loss, to first order, by ε ·
          ‖∂J/∂x‖₁: a sum over 784 pixels that all push the same way. With random signs they mostly
          cancel, which leaves about ± ε · ‖∂J/∂x‖₂.
        </Claim>
        <Claim
          title="Noise of the same size does little"
          gist="Random signs agree with the gradient’s only about half the time."
          numbers={own && describeNoise(own, word)}
          name={name}
          source={
            <>
              <Paper id="1412.6572">Goodfellow et al. 2015</Paper>, section 6, trained on such noise
              as a control; so does the preset “Is it just noise?”
            </>
          }
        >
          So a random pattern is nearly orthogonal to the gradient: the loss hardly changes along
          it, and training on it teaches the network little.
        </Claim>
        <Claim
          title="Training on x̃ regularizes"
          gist="It asks for correct predictions and for a loss that is flat around every training image."
          numbers={null}
          name={name}
          source={
            <>
              <Paper id="1511.06385">Lyu et al. 2015</Paper> for the first order;{' '}
              <Paper id="1510.04189">Nøkland 2015</Paper>, abstract: test error 1.60 % → 0.95 % with
              logistic units, 1.40 % → 0.78 % with rectified linear ones. For this page’s
              experiment, see Curves and Results
            </>
          }
        >
          To first order, the loss on x̃ is J + ε · ‖∂J/∂x‖₁, so lowering it lowers both terms. The
          slope at x alone does not show how well that worked: a confident network’s loss can be
          flat at x and steep a little farther on. Compare the losses on x and x̃ in the table.
        </Claim>
        <Claim
          title="What it does not guarantee"
          gist="Withstanding one step along the gradient is not robustness."
          numbers={own && describeLimits(own)}
          name={name}
          source={
            <>
              <Paper id="1706.06083">Madry et al. 2018</Paper>, section 2.1, for PGD;{' '}
              <Paper id="1802.00420">Athalye et al. 2018</Paper>, section 3.1, for the signs of
              masked gradients. For larger ε and transferred attacks, see Robustness
            </>
          }
        >
          A network that withstands one step may fail against several, or against larger ones. And a
          vanishing gradient hides the direction of the attack without removing the weakness: a low
          error under FGSM alone proves nothing.
        </Claim>
      </div>
      <WhyTable measures={measures} />
    </div>
  );
}
