import { useEffect, useMemo, useRef } from 'react';
import type { QuestionOf } from '../../../domain/analysis/inspection.ts';
import { formatEpsilon } from '../../../ui/format.ts';
import { paintingContext } from '../../../ui/images/paintingContext.ts';
import { findSurfaceRange, type ShownLosses, traceBorder } from './lossSeries.ts';
import styles from '../Inside.module.css';
import { NetworkHeading } from '../NetworkHeading.tsx';
import { paintSurface } from './surfaceColors.ts';
import surfaceStyles from './Surface.module.css';
import { divergedNote, formatSize } from '../texts.ts';

/** Smaller losses have the darkest color, because the logarithm of 0 is not defined. */
const floor = 1e-4;

interface LossSurfacesProps {
  readonly shown: readonly ShownLosses[];
  readonly question: QuestionOf<'losses'>;
}

/** The loss on the square that both directions span: one picture per network, all on one scale. */
export function LossSurfaces({ shown, question }: LossSurfacesProps) {
  const { epsilon, label, surfacePoints: side } = question;
  const { low, high } = useMemo(
    () =>
      findSurfaceRange(
        shown.map(({ answer }) => answer.surface),
        floor,
      ),
    [shown],
  );
  const range = formatEpsilon(epsilon);
  return (
    <section className={surfaceStyles.section} aria-label="The loss around the digit">
      <h3 className={surfaceStyles.title}>On the square of both directions</h3>
      <ul className={surfaceStyles.surfaces}>
        {shown.map(({ network, step, answer }) => (
          <li key={network.id} className={surfaceStyles.surface}>
            <NetworkHeading network={network} step={step} />
            <Surface
              {...{ side, low, high }}
              losses={answer.surface}
              border={traceBorder(answer.predictions, side, label)}
              label={`Loss of ${network.name} from −${range} to ${range} along both directions`}
            />
            <p className={styles.small}>
              {answer.surface.every(Number.isFinite) ? summarize(answer, label) : divergedNote}
            </p>
          </li>
        ))}
      </ul>
      <p className={styles.caption}>
        <span className={styles.scale}>
          <span className={surfaceStyles.legend}>
            {formatSize(low)}
            <span className={surfaceStyles.bar} aria-hidden="true" />
            {formatSize(high)}
          </span>
        </span>
        {`Loss J of a ${label} at clip(x + a · sign(∂J/∂x) + b · r). Across: a from −${range} to ${range}; up: b, along random signs, as far. The digit itself is in the middle (+). One logarithmic scale for all networks, from ${formatSize(low)}${low === floor ? ' (and below)' : ''} to ${formatSize(high)}. The white line is the border between right and wrong answers. ${side} × ${side} points.`}
      </p>
    </section>
  );
}

interface SurfaceProps {
  readonly losses: Float32Array;
  readonly side: number;
  readonly low: number;
  readonly high: number;
  /** SVG path of the border between right and wrong predictions. */
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
  { adversarial, random, surface, predictions: answers }: ShownLosses['answer'],
  label: number,
): string {
  const middle = (adversarial.length - 1) / 2;
  const wrong = answers.reduce((sum, answer) => sum + Number(answer !== label), 0);
  const share = Math.round((100 * wrong) / surface.length);
  return (
    `J is ${formatSize(adversarial[middle]!)} at the digit, ${formatSize(adversarial.at(-1)!)} at ε along ` +
    `the gradient, at most ${formatSize(Math.max(...random))} along random signs. ` +
    `${share}\u00a0% of the square is answered wrongly.`
  );
}
