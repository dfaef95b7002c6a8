import { endOnSignals } from './startUp.ts';

endOnSignals('train');
// Loaded afterwards: loading the engine takes a second, in which a signal may come.
await import('./trainCommand.ts');
