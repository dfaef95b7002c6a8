/** Something that the person at the terminal can put right: a wrong option, file or directory. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
