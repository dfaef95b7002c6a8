import { en } from 'zod/locales';
import { config } from 'zod/mini';

// A Content-Security-Policy without 'unsafe-eval' forbids the code that zod would generate. Must be imported before any
// schema is made, because a schema reads this setting when it is made. zod/mini, of which only what is used travels,
// has no messages of its own.
config({ jitless: true, ...en() });
