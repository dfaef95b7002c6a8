import { afterEach, expect, it, vi } from 'vitest';
import { formatDate } from './formatDate.ts';

afterEach(() => vi.unstubAllGlobals());

it('makes a format when it is first used, and once', () => {
  let made = 0;
  class CountedFormat extends Intl.DateTimeFormat {
    constructor(...options: ConstructorParameters<typeof Intl.DateTimeFormat>) {
      super(...options);
      made += 1;
    }
  }
  vi.stubGlobal('Intl', { DateTimeFormat: CountedFormat });
  const parts = { year: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  expect(formatDate(Date.UTC(2026, 4, 3), parts)).toBe('May 2026');
  expect(formatDate(new Date(Date.UTC(2027, 5, 3)), parts)).toBe('June 2027');
  expect(made).toBe(1);
});
