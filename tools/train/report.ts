import type { Attack, StrongestAttack } from '../../src/domain/metrics.ts';

/** What the test images show. Rates are fractions, 0 to 1. */
export interface TestResult {
  readonly testError: number;
  /** Error rate on the attacked test images, by the attack's ε. */
  readonly adversarialError: Readonly<Record<string, number>>;
  /** The share of test images that are provably safe, by ε. */
  readonly certifiedAccuracy?: Readonly<Record<string, number>>;
}

/** The results of one epoch. Error rates are fractions, 0 to 1. */
export interface EpochResult {
  readonly epoch: number;
  /** Mean loss per sample over the epoch, on the inputs that the method trained on. */
  readonly trainLoss: number;
  /** Null if the test images were not evaluated after this epoch. */
  readonly test: TestResult | null;
  /** Error rate on the held-out images, if there are any. */
  readonly validationError: number | null;
  /** Seconds of training, without evaluation. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

export interface Reporter {
  /** @param fraction fraction of the epoch that is done */
  progress(epoch: number, fraction: number, trainLoss: number): void;
  evaluating(epoch: number): void;
  epoch(result: EpochResult): void;
  clear(): void;
}

type Write = (text: string) => void;

/** Writes one line of JSON per epoch. @param seed in each line; null if there is only one */
export function jsonReporter(write: Write, seed: number | null = null): Reporter {
  return {
    progress: () => undefined,
    evaluating: () => undefined,
    clear: () => undefined,
    epoch: ({ validationError, epoch, trainLoss, test, ...result }) => {
      const line = {
        ...(seed !== null && { seed }),
        epoch,
        trainLoss,
        ...test,
        seconds: Number(result.seconds.toFixed(3)),
        samplesPerSecond: Math.round(result.samplesPerSecond),
        ...(validationError !== null && { validationError }),
      };
      write(`${JSON.stringify(line)}\n`);
    },
  };
}

export interface TableSettings {
  readonly epochs: number;
  readonly attacks: readonly Pick<Attack | StrongestAttack, 'kind' | 'epsilon'>[];
  readonly hasValidation: boolean;
}

function percent(rate: number | undefined): string {
  return rate === undefined ? '–' : `${(100 * rate).toFixed(2)} %`;
}

const barWidth = 24;
/** Carriage return, then erase the line. */
const eraseLine = '\r\x1b[2K';

/**
 * Writes a table with one row per epoch, and draws a progress bar.
 *
 * @param write writes the table
 * @param draw draws the bar; null if there is no terminal
 */
export function tableReporter(
  { epochs, attacks, hasValidation }: TableSettings,
  write: Write,
  draw: Write | null,
): Reporter {
  const titles = [
    'epoch',
    'train loss',
    'test error',
    ...(hasValidation ? ['validation error'] : []),
    ...attacks.map(({ kind, epsilon }) => `${kind.toUpperCase()} ${epsilon}`),
    'seconds',
    'images/s',
  ];
  const widths = titles.map((title) => Math.max(title.length, 7));
  const row = (cells: readonly string[]) =>
    `${cells.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}\n`;
  let isFirst = true;
  return {
    progress: (epoch, fraction, trainLoss) => {
      const full = Math.round(fraction * barWidth);
      const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
      draw?.(`${eraseLine}epoch ${epoch}/${epochs} ${bar} loss ${trainLoss.toPrecision(4)}`);
    },
    evaluating: (epoch) => draw?.(`${eraseLine}epoch ${epoch}/${epochs} evaluating …`),
    clear: () => draw?.(eraseLine),
    epoch: (result) => {
      draw?.(eraseLine);
      if (isFirst) write(row(titles));
      isFirst = false;
      const cells = [
        String(result.epoch),
        result.trainLoss.toFixed(5),
        percent(result.test?.testError),
        ...(result.validationError === null ? [] : [percent(result.validationError)]),
        ...attacks.map(({ epsilon }) => percent(result.test?.adversarialError[epsilon])),
        result.seconds.toFixed(2),
        String(Math.round(result.samplesPerSecond)),
      ];
      write(row(cells));
      for (const [epsilon, share] of Object.entries(result.test?.certifiedAccuracy ?? {})) {
        write(
          `${percent(share)} of the test images are provably safe at ε ${epsilon}, clipped to 0–1\n`,
        );
      }
    },
  };
}
