import { Checkbox } from '@mantine/core';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';

/** The seed of the permutation that the switch turns on; links and files may use any other. */
const switchedOnSeed = 1;

/** Whether all networks get the pixels of all images in one random order. */
export function PermutedPixels() {
  const lab = useLabActions();
  const seed = useLab((state) => state.setup.shared.permutationSeed);
  const which = seed === null ? '' : ` Permutation ${seed}.`;
  return (
    <Checkbox
      label="Permuted pixels"
      description={`Give the networks the pixels of every image in one fixed random order. They do not know which pixels are neighbors, so they learn just as well.${which}`}
      checked={seed !== null}
      onChange={(event) =>
        lab.changeSettings({ permutationSeed: event.currentTarget.checked ? switchedOnSeed : null })
      }
    />
  );
}
