/** An error that the user can fix: a wrong option, file or directory. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
