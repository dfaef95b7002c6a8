import { z } from 'zod';

// A Content-Security-Policy without 'unsafe-eval' forbids the code that zod would generate. Must be imported before any
// schema is made, because a schema reads this setting when it is made.
z.config({ jitless: true });
