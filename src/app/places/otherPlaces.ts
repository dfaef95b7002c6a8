import { type Place, placeNames } from '../../experiment/places.ts';
import { type OnDemand, onDemand } from '../../ui/onDemand/onDemand.tsx';

type OtherPlace = Exclude<Place, 'lab'>;

function place(name: OtherPlace, load: Parameters<typeof onDemand>[1]): OnDemand<object> {
  return onDemand(placeNames[name], load, { isPreloaded: false });
}

/** The places other than the lab. */
export const otherPlaces: Readonly<Record<OtherPlace, OnDemand<object>>> = {
  how: place(
    'how',
    async () => (await import('../../features/howItWorks/HowItWorksPanel.tsx')).HowItWorksPanel,
  ),
  inside: place(
    'inside',
    async () => (await import('../../features/inside/InsidePanel.tsx')).InsidePanel,
  ),
  robustness: place(
    'robustness',
    async () => (await import('../../features/robustness/RobustnessPanel.tsx')).RobustnessPanel,
  ),
  paper: place('paper', async () => (await import('../../features/paper/PaperView.tsx')).PaperView),
  files: place('files', async () => (await import('./FilesPlace.tsx')).FilesPlace),
};
