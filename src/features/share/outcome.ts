/** What came of copying an address. */
export interface CopyOutcome {
  readonly address: string;
  readonly isCopied: boolean;
}

export function describeOutcome({ isCopied }: CopyOutcome): string {
  return isCopied
    ? 'Link copied.'
    : 'The browser did not allow copying. The link is selected: copy it from the field.';
}
