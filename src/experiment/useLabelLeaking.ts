import { useMemo } from 'react';
import { describeLabelLeaking, findLabelLeaking } from './runs/labelLeaking.ts';
import { useThrottledLab } from './useLab.ts';

/** A sentence for each run whose measurements show label leaking; it stands wherever its error under FGSM does. */
export function useLabelLeaking(): readonly string[] {
  const runs = useThrottledLab((state) => state.runs, 1000);
  return useMemo(
    () =>
      runs.flatMap(({ name, measurements, config }) => {
        const leaking = findLabelLeaking(measurements, config);
        return leaking === null ? [] : [describeLabelLeaking(name, leaking)];
      }),
    [runs],
  );
}
