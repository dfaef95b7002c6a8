import { z } from 'zod';

// A Content-Security-Policy without 'unsafe-eval' forbids the code that zod would generate. Imported before
// any schema is made: a schema decides when it is.
z.config({ jitless: true });
