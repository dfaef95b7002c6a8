import summary from '../../../results/summary.json';
import { readReproduction } from './readReproduction.ts';

/** Of each result only when it was made: the rest of these files stays out of the site. */
const times = import.meta.glob<unknown>(
  ['../../../results/**/*-seed*.json', '!../../../results/quick/**'],
  { eager: true, import: 'times' },
);

/** The results that this site was built with. */
export const reproduction = readReproduction(summary, times);
