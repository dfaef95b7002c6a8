import { expect, it } from 'vitest';
import { contentSecurityPolicy } from './cspPlugin.ts';

it('allows scripts of the site and WebAssembly, and nothing from elsewhere', () => {
  expect(contentSecurityPolicy.split('; ')).toEqual([
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});
