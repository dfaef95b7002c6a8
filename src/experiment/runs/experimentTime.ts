const timeParts = { hour: '2-digit', minute: '2-digit' } as const;
const dayParts = { day: 'numeric', month: 'short', ...timeParts } as const;
const time = new Intl.DateTimeFormat('en-GB', timeParts);
const dayAndTime = new Intl.DateTimeFormat('en-GB', dayParts);
const withYear = new Intl.DateTimeFormat('en-GB', { year: 'numeric', ...dayParts });

/** When an experiment started, as short as possible: "14:05" today, "3 May, 14:05" this year. */
export function formatExperimentTime(startedAt: number, now = Date.now()): string {
  const [then, today] = [new Date(startedAt), new Date(now)];
  if (then.toDateString() === today.toDateString()) return time.format(then);
  return (then.getFullYear() === today.getFullYear() ? dayAndTime : withYear).format(then);
}
