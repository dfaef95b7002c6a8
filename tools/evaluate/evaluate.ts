import { endOnSignals } from '../train/startUp.ts';

endOnSignals('evaluate');
await import('./evaluateCommand.ts');
