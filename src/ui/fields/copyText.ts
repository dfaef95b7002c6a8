/** Puts a text on the clipboard; false where the browser has none for this page or refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Absent outside of secure contexts, whatever the types say.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) return false;
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
