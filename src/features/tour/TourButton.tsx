import { Button } from '@mantine/core';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { tourButtonId } from './tourButtonId.ts';

/** Starts or leaves the guided tour. */
export function TourButton() {
  const lab = useLabActions();
  const isOpen = useLab((state) => state.tourStep !== null);
  return (
    <Button
      id={tourButtonId}
      variant="default"
      aria-expanded={isOpen}
      onClick={() => lab.update({ tourStep: isOpen ? null : 'fooled' })}
    >
      Tour
    </Button>
  );
}
