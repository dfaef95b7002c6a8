import { formatDate } from '../../domain/formatDate.ts';

const timeParts = { hour: '2-digit', minute: '2-digit' } as const;
const dayParts = { day: 'numeric', month: 'short', ...timeParts } as const;
const yearParts = { year: 'numeric', ...dayParts } as const;

/** When an experiment started, as short as possible: "14:05" today, "3 May, 14:05" this year. */
export function formatExperimentTime(startedAt: number, now = Date.now()): string {
  const [then, today] = [new Date(startedAt), new Date(now)];
  if (then.toDateString() === today.toDateString()) return formatDate(then, timeParts);
  return formatDate(then, then.getFullYear() === today.getFullYear() ? dayParts : yearParts);
}
