/** The signals that stop a program, with a readable name and the conventional exit code, 128 + their number. */
export const signals = {
  SIGINT: { name: 'Ctrl-C', exitCode: 130 },
  SIGTERM: { name: 'SIGTERM', exitCode: 143 },
  SIGHUP: { name: 'the end of its terminal', exitCode: 129 },
} as const;
export type SignalEntry = (typeof signals)[keyof typeof signals];
