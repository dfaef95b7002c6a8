/** The outcome of copying an address. */
export interface CopyOutcome {
  readonly address: string;
  readonly isCopied: boolean;
}

/** @param address the one shown now; if it differs from the outcome's, it is not copied yet */
export function describeOutcome(outcome: CopyOutcome, address: string): string {
  if (outcome.address !== address) return 'The link has changed: copy it again.';
  return outcome.isCopied
    ? 'Link copied.'
    : 'The browser did not allow copying. The link is selected, so you can copy it yourself.';
}
