/** Copies a text; false if the browser has no clipboard for this page or refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Undefined outside secure contexts, although the types say otherwise.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) return false;
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
