import summary from '../../../results/summary.json';
import { readReproduction } from './readReproduction.ts';

/** Only the times of each result, so that the rest of these files is not part of the site. */
const times = import.meta.glob<unknown>(
  ['../../../results/**/*-seed*.json', '!../../../results/quick/**'],
  { eager: true, import: 'times' },
);

/** The results that this site was built with. */
export const reproduction = readReproduction(summary, times);
