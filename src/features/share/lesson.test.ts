import { describe, expect, it } from 'vitest';
import { visiblePlaces } from '../../experiment/places.ts';
import { hideablePanels } from '../../experiment/state.ts';
import {
  findMissingParent,
  findTemplate,
  type Lesson,
  lessonOf,
  openedPlace,
  orderedPanels,
  showPanel,
  type TemplateName,
  templates,
} from './lesson.ts';

const names = Object.keys(templates) as TemplateName[];
const everything = lessonOf('everything');

describe('the templates', () => {
  it.each(names)('%s opens a place that it shows, and is recognized', (name) => {
    const lesson = lessonOf(name);
    expect(visiblePlaces(lesson.hidden)).toContain(lesson.place);
    expect(openedPlace(lesson)).toBe(lesson.place);
    expect(findTemplate(lesson)).toBe(name);
  });

  it.each(names)('%s shows nothing without what it is part of', (name) => {
    const { shown } = templates[name];
    const { hidden } = lessonOf(name);
    expect(shown.map((panel) => findMissingParent(panel, hidden))).toEqual(shown.map(() => null));
  });

  it('hide nothing but what they leave out', () => {
    expect(everything.hidden).toEqual([]);
    expect(visiblePlaces(lessonOf('attack').hidden)).toEqual(['lab']);
    expect(visiblePlaces(lessonOf('how').hidden)).toEqual(['lab', 'how']);
  });
});

describe('showPanel', () => {
  it('hides what is part of a hidden panel too', () => {
    const lesson = showPanel(everything, 'train', false);
    expect(lesson.hidden).toEqual(['train', 'setup', 'advanced', 'curves', 'results']);
    expect(findMissingParent('advanced', lesson.hidden)).toBe('setup');
    expect(findMissingParent('draw', lesson.hidden)).toBeNull();
    expect(findTemplate(lesson)).toBeNull();
  });

  it('shows one panel again and keeps the others as they are', () => {
    const lesson = showPanel(lessonOf('attack'), 'paper', true);
    expect(lesson.hidden).toEqual(lessonOf('attack').hidden.filter((panel) => panel !== 'paper'));
  });
});

describe('openedPlace', () => {
  it('is another place when the chosen one has nothing left', () => {
    const paper: Lesson = { hidden: [], place: 'paper' };
    expect(openedPlace(paper)).toBe('paper');
    expect(openedPlace(showPanel(paper, 'paper', false))).toBe('lab');
  });
});

it('orders every panel that a link may hide', () => {
  expect([...orderedPanels].sort()).toEqual([...hideablePanels].sort());
});
