/**
 * Files that are dropped beside the places that take them are refused: a browser would open them in the place of
 * the page, and with it everything that trains.
 */
export function refuseStrayDrops(target: EventTarget): void {
  const refuse = (event: Event): void => {
    if (event.defaultPrevented) return; // somebody takes it
    const { dataTransfer } = event as DragEvent;
    if (!dataTransfer?.types.includes('Files')) return; // text may be dropped into fields
    event.preventDefault();
    dataTransfer.dropEffect = 'none';
  };
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
}
