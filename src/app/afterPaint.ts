/** Milliseconds after which a tab in the background, which paints nothing, is not waited for. */
const patienceMs = 500;

/**
 * Calls back when the page as it is now has been painted.
 *
 * @returns a function that cancels it
 */
export function afterPaint(callback: () => void): () => void {
  let timer = setTimeout(callback, patienceMs);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(callback);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
