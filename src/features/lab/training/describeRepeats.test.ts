import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { createRun, type Run } from '../../../experiment/runs/run.ts';
import { describeSeed } from './describeRepeats.ts';

const end = { stepsPerEpoch: 100, totalSteps: 300, trainSeconds: 1, samplesPerSecond: 1 };

function runAt(step: number, changes: Partial<Run> = {}): Run {
  const config = { ...defaultConfig, epochs: 3 };
  const run = createRun(`run ${step}`, { name: 'Run', paletteIndex: 0, config });
  return { ...run, progress: { ...end, step, secondsLeft: null }, status: 'running', ...changes };
}

describe('the seed in training', () => {
  it('is where its slowest run is', () => {
    const { text, fraction } = describeSeed({ runs: [runAt(150), runAt(90)] }, 'busy');
    expect(text).toBe('Epoch 1 of 3');
    expect(fraction).toBeGreaterThan(0.2);
    expect(fraction).toBeLessThan(120 / 300);
    const paused = describeSeed({ runs: [runAt(150)] }, 'paused');
    expect(paused.text).toBe('Paused · Epoch 2 of 3');
    expect(describeSeed({ runs: [runAt(0, { progress: null })] }, 'busy').text).toBe('Starting');
  });

  it('is measured once all of its runs have ended, failed ones too', () => {
    const ended = [runAt(300, { status: 'finished' }), runAt(20, { status: 'failed' })];
    const { text, fraction } = describeSeed({ runs: ended }, 'busy');
    expect(text).toBe('Measuring');
    expect(fraction).toBeGreaterThan(0.3);
    expect(fraction).toBeLessThan(1);
  });
});
