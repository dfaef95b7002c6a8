import { useMemo } from 'react';
import { imageWord } from '../domain/dataSet.ts';
import { describeLabelLeaking, findLabelLeaking } from './runs/labelLeaking.ts';
import { useThrottledLab } from './useLab.ts';

function useFindings() {
  const runs = useThrottledLab((state) => state.runs, 1000);
  return useMemo(
    () =>
      runs.flatMap(({ name, measurements, config }) => {
        const leaking = findLabelLeaking(measurements, config);
        return leaking === null ? [] : [{ name, leaking, word: imageWord(config.dataSet) }];
      }),
    [runs],
  );
}

/** A sentence for each run whose measurements show label leaking; it stands wherever its error under FGSM does. */
export function useLabelLeaking(): readonly string[] {
  return useFindings().map(({ name, leaking, word }) => describeLabelLeaking(name, leaking, word));
}

/** The names of the runs whose measurements show label leaking. */
export function useLeakingRuns(): readonly string[] {
  return useFindings().map(({ name }) => name);
}
