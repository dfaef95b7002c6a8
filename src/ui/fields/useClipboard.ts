import { useState } from 'react';

/** The outcome of the last attempt to copy a text. */
export interface Copied {
  /** The name of the text, as the subject of a sentence. */
  readonly what: string;
  /** The text, to be copied by hand, or null if it was copied to the clipboard. */
  readonly leftOver: string | null;
}

/** Copies texts and remembers the outcome for CopyOutcome. */
export function useClipboard(): {
  readonly copied: Copied | null;
  readonly copy: (what: string, text: string) => void;
  readonly dismiss: () => void;
} {
  const [copied, setCopied] = useState<Copied | null>(null);
  return {
    copied,
    copy: (what, text) => {
      writeText(text).then(
        () => setCopied({ what, leftOver: null }),
        () => setCopied({ what, leftOver: text }),
      );
    },
    dismiss: () => setCopied(null),
  };
}

/** Rejects if the browser has no clipboard (plain http) or forbids access. */
async function writeText(text: string): Promise<void> {
  await (navigator.clipboard as Clipboard | undefined)!.writeText(text);
}
