import { memo, useMemo } from 'react';
import type { LabelledImages } from '../../lab/state.ts';
import type { AttackedImages } from '../../shared/metrics.ts';
import { DigitImage } from '../../ui/DigitImage.tsx';
import { formatConfidence, formatEpsilon } from '../../ui/format.ts';
import { CheckIcon, CrossIcon } from '../../ui/icons.tsx';
import { PerturbationImage } from '../../ui/PerturbationImage.tsx';
import { type Answer, findAnswer, getImage } from './answers.ts';
import styles from './Examples.module.css';

interface ExampleDigitProps {
  readonly images: LabelledImages;
  /** Which of the images. */
  readonly index: number;
  /** What the network answers; null before there is one. */
  readonly result: AttackedImages | null;
}

/** One digit: clean, what the attack adds, attacked; and the answers before and after. */
export const ExampleDigit = memo(function ExampleDigit(props: ExampleDigitProps) {
  const { images, index, result } = props;
  const pixels = useMemo(() => getImage(images.images, index), [images, index]);
  const label = images.labels[index]!;
  if (result === null) {
    return (
      <li className={styles.digit}>
        <DigitImage pixels={pixels} label={`Test digit ${label}`} />
      </li>
    );
  }
  const { attack, labels } = result;
  const attacked = getImage(result.adversarialImages, index);
  const epsilon = formatEpsilon(attack.epsilon);
  return (
    <li className={styles.digit}>
      <div className={styles.cell}>
        <DigitImage pixels={pixels} label={`Test digit ${label}`} />
        <AnswerLine answer={findAnswer(result.cleanProbabilities, labels, index)} />
      </div>
      <div className={styles.cell}>
        <PerturbationImage
          before={pixels}
          after={attacked}
          scale={attack.epsilon}
          label={`What the attack changes in the ${label}`}
        />
      </div>
      <div className={styles.cell}>
        <DigitImage pixels={attacked} label={`The ${label} perturbed with ε ${epsilon}`} />
        <AnswerLine answer={findAnswer(result.adversarialProbabilities, labels, index)} />
      </div>
    </li>
  );
});

function AnswerLine({ answer: { digit, confidence, isRight } }: { readonly answer: Answer }) {
  return (
    <p className={isRight ? styles.right : styles.wrong}>
      {isRight ? <CheckIcon /> : <CrossIcon />}
      <strong>{digit}</strong>
      <span className={styles.confidence}>{formatConfidence(confidence)}</span>
      <span className={styles.verdict}>{isRight ? 'right' : 'wrong'}</span>
    </p>
  );
}
