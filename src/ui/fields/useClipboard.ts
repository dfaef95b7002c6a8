import { useState } from 'react';

/** What became of the last text that was to be copied. */
export interface Copied {
  /** What it was, as the subject of a sentence. */
  readonly what: string;
  /** Null once it lies in the clipboard; else the text, to be copied by hand. */
  readonly leftOver: string | null;
}

/** Copies texts, and remembers how that went for CopyOutcome to tell. */
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

/** Rejects where the browser has no clipboard (plain http) or forbids it. */
async function writeText(text: string): Promise<void> {
  await (navigator.clipboard as Clipboard | undefined)!.writeText(text);
}
