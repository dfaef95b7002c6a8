import { describe, expect, it } from 'vitest';
import { firstTabs, placeOfTab, tabbedPlaces, tabs, tabsOf, tabToName, withTab } from './tabs.ts';

describe('the tabs of the places', () => {
  it('have names that belong to one place only', () => {
    expect(new Set(tabs).size).toBe(tabs.length);
  });

  it.each(tabs)('%s is opened in its place and no other', (tab) => {
    const place = placeOfTab(tab);
    expect(tabsOf[place]).toContain(tab);
    expect(withTab(firstTabs, tab)).toEqual({ ...firstTabs, [place]: tab });
  });

  it.each(tabbedPlaces)('%s opens on its first one, which links leave out', (place) => {
    const [first, second] = tabsOf[place];
    expect(firstTabs[place]).toBe(first);
    expect(tabToName(place, firstTabs)).toBeNull();
    expect(tabToName(place, withTab(firstTabs, second))).toBe(second);
  });

  it('are named by links to their own place only', () => {
    expect(tabToName('lab', withTab(firstTabs, 'why'))).toBeNull();
    expect(tabToName('inside', withTab(firstTabs, 'why'))).toBeNull();
  });

  it('has margins and confusion under Robustness', () => {
    expect(placeOfTab('margins')).toBe('robustness');
    expect(placeOfTab('confusion')).toBe('robustness');
  });
});
