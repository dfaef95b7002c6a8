import type { Place } from './places.ts';

/**
 * The tabs of the places that have some, in their order; a place opens on its first. A name belongs to one place only:
 * a link names a tab without its place.
 */
export const tabsOf = {
  how: ['methods', 'step', 'half-step', 'why'],
  inside: ['weights', 'gradients', 'losses'],
  robustness: ['epsilon', 'bounds', 'smallest', 'transfer', 'margins', 'confusion'],
} as const satisfies Partial<Record<Place, readonly string[]>>;

export type TabbedPlace = keyof typeof tabsOf;
export type TabOf<P extends TabbedPlace> = (typeof tabsOf)[P][number];
export type Tab = TabOf<TabbedPlace>;

/** The open tab of each place. */
export type OpenTabs = { readonly [P in TabbedPlace]: TabOf<P> };

export const firstTabs: OpenTabs = { how: 'methods', inside: 'weights', robustness: 'epsilon' };

export const tabbedPlaces = Object.keys(tabsOf) as readonly TabbedPlace[];
export const tabs: readonly Tab[] = tabbedPlaces.flatMap((place) => tabsOf[place]);

export function placeOfTab(tab: Tab): TabbedPlace {
  return tabbedPlaces.find((place) => (tabsOf[place] as readonly Tab[]).includes(tab))!;
}

/** The tab that a link has to name: the open one of a place, unless the place opens on it anyway. */
export function tabToName(place: Place, open: OpenTabs): Tab | null {
  const tabbed = tabbedPlaces.find((one) => one === place);
  return tabbed === undefined || open[tabbed] === firstTabs[tabbed] ? null : open[tabbed];
}

export function withTab(open: OpenTabs, tab: Tab): OpenTabs {
  return { ...open, [placeOfTab(tab)]: tab };
}
