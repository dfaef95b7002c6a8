/**
 * Refuses files that are dropped outside the areas that accept them: the browser would open them instead of
 * the page, and training would be lost.
 */
export function refuseStrayDrops(target: EventTarget): void {
  const refuse = (event: Event): void => {
    if (event.defaultPrevented) return; // a drop area handles it
    const { dataTransfer } = event as DragEvent;
    if (!dataTransfer?.types.includes('Files')) return; // text may be dropped into fields
    event.preventDefault();
    dataTransfer.dropEffect = 'none';
  };
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
}
