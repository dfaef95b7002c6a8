import { expect, test as base } from '@playwright/test';
import { LabPage } from './labPage.ts';

interface Fixtures {
  /** Console errors that a test provokes; any other fails it. */
  allowedErrors: RegExp | null;
  lab: LabPage;
  guard: undefined;
}

/**
 * Fails every test whose page logs an error, throws, violates its Content-Security-Policy or asks
 * another origin for anything.
 */
export const test = base.extend<Fixtures>({
  allowedErrors: [null, { option: true }],

  guard: [
    async ({ page, allowedErrors }, use) => {
      const problems: string[] = [];
      const origins = new Set<string>();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
          problems.push(`${message.type()}: ${message.text()}`);
        }
      });
      page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http')) origins.add(url.origin);
      });
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (violation) => {
          console.error(`CSP: ${violation.violatedDirective} refuses ${violation.blockedURI}`);
        });
      });
      await use(undefined);
      expect(problems.filter((problem) => !allowedErrors?.test(problem))).toEqual([]);
      expect([...origins]).toHaveLength(1);
    },
    { auto: true },
  ],

  lab: async ({ page }, use) => {
    await use(new LabPage(page));
  },
});

export { expect };
