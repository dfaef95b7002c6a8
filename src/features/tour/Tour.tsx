import { useLab } from '../../experiment/useLab.ts';
import { onDemand } from '../../ui/onDemand/onDemand.tsx';

const TourCard = onDemand('The tour', async () => (await import('./TourCard.tsx')).TourCard, {
  kind: 'floating',
});

/** The card of the guided tour, while it is active. */
export function Tour() {
  const step = useLab((state) => state.tourStep);
  return step === null ? null : <TourCard step={step} />;
}
