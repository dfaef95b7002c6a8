import { expect, test as base, type BrowserContext } from '@playwright/test';
import { LabPage } from './labPage.ts';

/** What Playwright logs where it blocks service workers, which only their own tests let in (playwright.config.ts). */
const blocked = 'Service Worker registration blocked by Playwright';

interface Fixtures {
  /** Console errors that a test provokes; any other fails it. */
  allowedErrors: RegExp | null;
  lab: LabPage;
  /** Watches another context's pages as the test's own are watched. */
  guard: (context: BrowserContext) => Promise<void>;
}

/**
 * Fails every test of whose pages one logs an error, throws, violates its Content-Security-Policy or asks
 * another origin for anything.
 */
export const test = base.extend<Fixtures>({
  allowedErrors: [null, { option: true }],

  guard: [
    async ({ context, allowedErrors }, use) => {
      const problems: string[] = [];
      const origins = new Set<string>();
      const guard = async (watched: BrowserContext): Promise<void> => {
        watched.on('console', (message) => {
          const isProblem = message.type() === 'error' || message.type() === 'warning';
          if (isProblem && message.text() !== blocked) {
            problems.push(`${message.type()}: ${message.text()}`);
          }
        });
        watched.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
        watched.on('request', (request) => {
          const url = new URL(request.url());
          if (url.protocol.startsWith('http')) origins.add(url.origin);
        });
        await watched.addInitScript(() => {
          document.addEventListener('securitypolicyviolation', (violation) => {
            console.error(`CSP: ${violation.violatedDirective} refuses ${violation.blockedURI}`);
          });
        });
      };
      // The context, not its first page: a test may open more of them.
      await guard(context);
      await use(guard);
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
