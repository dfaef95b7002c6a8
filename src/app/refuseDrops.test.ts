import { describe, expect, it } from 'vitest';
import { refuseStrayDrops } from './refuseDrops.ts';

/** A drag event as a browser creates it, without a page. */
function drag(type: 'dragover' | 'drop', types: readonly string[]) {
  const dataTransfer = { types, dropEffect: 'copy' };
  return Object.assign(new Event(type, { cancelable: true }), { dataTransfer });
}

describe('drops outside the areas that accept files', () => {
  it.each(['dragover', 'drop'] as const)('refuses files on %s', (type) => {
    const page = new EventTarget();
    refuseStrayDrops(page);
    const event = drag(type, ['Files']);
    page.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(event.dataTransfer.dropEffect).toBe('none');
  });

  it('does not refuse text or drops that are already handled', () => {
    const page = new EventTarget();
    page.addEventListener('drop', (event) => {
      if ((event as DragEvent).dataTransfer?.types.includes('Files')) event.preventDefault();
    });
    refuseStrayDrops(page);
    const text = drag('drop', ['text/plain']);
    page.dispatchEvent(text);
    expect(text.defaultPrevented).toBe(false);
    const taken = drag('drop', ['Files']);
    page.dispatchEvent(taken);
    expect(taken.dataTransfer.dropEffect).toBe('copy');
  });
});
