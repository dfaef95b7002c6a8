import { describe, expect, it } from 'vitest';
import {
  type Place,
  placeNames,
  placeOfPanel,
  places,
  placeToOpen,
  visiblePlaces,
} from './places.ts';
import { type HideablePanel, hideablePanels } from './state.ts';

const panelsOf = (place: Place): HideablePanel[] =>
  hideablePanels.filter((panel) => placeOfPanel[panel] === place);

describe('the places of the page', () => {
  it('have the order and the names of the navigation', () => {
    expect(places.map((place) => placeNames[place])).toEqual([
      'Lab',
      'How it works',
      'Look inside',
      'Robustness',
      'Paper',
      'Files',
    ]);
  });

  it('have every panel that a link can hide, each in one place, and no others', () => {
    expect(Object.keys(placeOfPanel).sort()).toEqual([...hideablePanels].sort());
    expect(Object.values(placeOfPanel).every((place) => places.includes(place))).toBe(true);
    for (const place of places) expect([place, panelsOf(place).length > 0]).toEqual([place, true]);
  });
});

describe('visiblePlaces', () => {
  it('are all places when nothing is hidden', () => {
    expect(visiblePlaces([])).toEqual(places);
  });

  it.each(places)('leave out %s only when all of its panels are hidden', (place) => {
    const own = panelsOf(place);
    expect(visiblePlaces(own)).toEqual(places.filter((one) => one !== place));
    for (const shown of own) {
      expect(visiblePlaces(own.filter((panel) => panel !== shown))).toEqual(places);
    }
  });

  it('keep the lab when everything is hidden', () => {
    expect(visiblePlaces(hideablePanels)).toEqual(['lab']);
  });

  it('keep the lab in links from before the training button could be hidden', () => {
    const older = panelsOf('lab').filter((panel) => panel !== 'train');
    expect(visiblePlaces(older)).toEqual(places);
    expect(placeToOpen(null, older)).toBe('how');
    expect(placeToOpen('lab', older)).toBe('lab');
  });
});

describe('placeToOpen', () => {
  it('is the place that the link names', () => {
    for (const place of places) expect(placeToOpen(place, [])).toBe(place);
  });

  it('is the lab for older links, which name none', () => {
    expect(placeToOpen(null, [])).toBe('lab');
    expect(placeToOpen(null, ['draw', 'setup'])).toBe('lab');
  });

  it('is the first place that is left when the named one, or the lab of an older link, is hidden', () => {
    expect(placeToOpen('paper', ['paper'])).toBe('lab');
    expect(placeToOpen('files', ['code'])).toBe('files');
    expect(placeToOpen('files', ['code', 'experiments'])).toBe('lab');
    expect(placeToOpen(null, panelsOf('lab'))).toBe('how');
    expect(placeToOpen('how', [...panelsOf('lab'), 'how'])).toBe('inside');
    expect(placeToOpen('inside', hideablePanels)).toBe('lab');
  });
});
