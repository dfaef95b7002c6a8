import { type ImageWord, imageWord, nameAnswer } from '../../../domain/dataSet.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { useEffect, useMemo, useRef } from 'react';
import type { LossLandscape, QuestionOf } from '../../../domain/analysis/inspection.ts';
import { formatEpsilon, formatNumber } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import { ColorLegend } from '../../../ui/images/ColorLegend.tsx';
import { paintingContext } from '../../../ui/images/paintingContext.ts';
import styles from '../Inside.module.css';
import { NetworkGrid, NetworkSection } from '../../../ui/NetworkGrid.tsx';
import { divergedNote } from '../../../ui/networks.ts';
import type { Shown } from '../../../experiment/inside/useShown.ts';
import { findSurfaceRange, traceBorder } from './lossSeries.ts';
import surfaceStyles from './Surface.module.css';
import { paintSurface, surfaceColors } from './surfaceColors.ts';

/** Smaller losses have the darkest color, because the logarithm of 0 is not defined. */
const floor = 1e-4;

interface LossSurfacesProps {
  readonly shown: readonly Shown<'losses'>[];
  readonly question: QuestionOf<'losses'>;
}

/** The loss on the square that both directions span: one picture per network, all on one scale. */
export function LossSurfaces({ shown, question }: LossSurfacesProps) {
  const { epsilon, label, surfacePoints: side } = question;
  const dataSet = useLab(({ customData }) => customData.loaded);
  const word = imageWord(dataSet);
  const range = useMemo(() => {
    const surfaces = shown.map(({ answer }) => answer.surface);
    return findSurfaceRange(surfaces, floor);
  }, [shown]);
  const [low, high] = [formatNumber(range.low), formatNumber(range.high)];
  const end = formatEpsilon(epsilon);
  return (
    <section className={surfaceStyles.section} aria-label={`The loss around the ${word}`}>
      <h3 className={surfaceStyles.title}>In the plane of both directions</h3>
      <NetworkGrid column={208}>
        {shown.map((one) => (
          <NetworkSection key={one.network.id} shown={one}>
            <Surface
              side={side}
              low={range.low}
              high={range.high}
              losses={one.answer.surface}
              border={traceBorder(one.answer.predictions, side, label)}
              label={`Loss of ${one.network.name} from −${end} to ${end} along both directions`}
            />
            <p className={styles.small}>{summarize(one.answer, label, word)}</p>
          </NetworkSection>
        ))}
      </NetworkGrid>
      <div className={styles.caption}>
        <ColorLegend low={low} high={high} colors={surfaceColors} />
        Across: along the gradient’s sign. Up: along random signs. +: the {word}.{' '}
        <Info label="About the loss landscape">
          <p>
            {`Loss J of ${nameAnswer(dataSet, label)} at clip(x + a · sign(∂J/∂x) + b · r), a and b from −${end} to ${end}, at ${side} × ${side} points.`}
          </p>
          <p>
            {`One logarithmic scale for all networks, from ${low}${range.low === floor ? ' (and below)' : ''} to ${high}. The white line separates correct from wrong predictions.`}
          </p>
        </Info>
      </div>
    </section>
  );
}

interface SurfaceProps {
  readonly losses: Float32Array;
  readonly side: number;
  readonly low: number;
  readonly high: number;
  readonly border: string;
  readonly label: string;
}

function Surface({ losses, side, low, high, border, label }: SurfaceProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = paintingContext(canvas.current);
    context?.putImageData(new ImageData(paintSurface(losses, low, high), side, side), 0, 0);
  }, [losses, side, low, high]);
  const middle = side / 2;
  return (
    <div className={surfaceStyles.picture}>
      <canvas
        ref={canvas}
        className={surfaceStyles.canvas}
        width={side}
        height={side}
        role="img"
        aria-label={label}
      />
      {/* The first row of the surface is at the bottom, as in its picture. */}
      <svg
        className={surfaceStyles.overlay}
        viewBox={`0 0 ${side} ${side}`}
        aria-hidden="true"
        focusable="false"
      >
        <g fill="none" strokeLinecap="square">
          <path d={border} stroke="#000" strokeWidth={0.55} opacity={0.6} />
          <path d={border} stroke="#fff" strokeWidth={0.3} />
          <path
            d={`M${middle - 0.6},${middle}h1.2M${middle},${middle - 0.6}v1.2`}
            stroke="#fff"
            strokeWidth={0.25}
          />
        </g>
      </svg>
    </div>
  );
}

function summarize(
  { adversarial, random, surface, predictions: answers }: LossLandscape,
  label: number,
  word: ImageWord,
): string {
  if (!surface.every(Number.isFinite)) return divergedNote;
  const middle = (adversarial.length - 1) / 2;
  const wrong = answers.filter((answer) => answer !== label).length;
  const share = Math.round((100 * wrong) / surface.length);
  return (
    `J is ${formatNumber(adversarial[middle]!)} at the ${word}, ${formatNumber(adversarial.at(-1)!)} at ε along ` +
    `the gradient, at most ${formatNumber(Math.max(...random))} along random signs. ` +
    `${share}\u00a0% of the square is misclassified.`
  );
}
