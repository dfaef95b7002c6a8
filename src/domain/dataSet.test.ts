import { describe, expect, it } from 'vitest';
import { classesOf, type CustomData, customDataSchema, nameAnswer, nameClass } from './dataSet.ts';

const letters: CustomData = {
  shape: 'grey-28',
  trainingCount: 600,
  testCount: 200,
  fingerprint: 'a'.repeat(64),
  classes: 26,
};

describe('classes', () => {
  it('are ten where nothing else is said, as in links and files of earlier versions', () => {
    const { classes: _, ...ten } = letters;
    expect(customDataSchema.parse(ten)).toEqual(ten);
    expect([classesOf(null), classesOf(ten)].map(({ length }) => length)).toEqual([10, 10]);
    expect(classesOf(letters)).toHaveLength(26);
  });

  it('have names: digits, a mapping’s, or numbers', () => {
    expect([nameAnswer(null, 8), nameAnswer(null, 3), nameClass(null, 3)]).toEqual([
      'an 8',
      'a 3',
      '3',
    ]);
    expect([nameAnswer(letters, 8), nameClass(letters, 8)]).toEqual(['class 8', 'class 8']);
    const named = { ...letters, classNames: ['A', 'B'] };
    expect([nameAnswer(named, 1), nameClass(named, 2)]).toEqual(['B', 'class 2']);
  });

  it('are refused where they are too many, or their names could deceive', () => {
    for (const classes of [1, 101, 2.5]) {
      expect(customDataSchema.safeParse({ ...letters, classes }).success).toBe(false);
    }
    for (const name of ['', 'a\u202Eb', 'a\nb', 'x'.repeat(51)]) {
      expect(customDataSchema.safeParse({ ...letters, classNames: [name] }).success).toBe(false);
    }
  });
});
