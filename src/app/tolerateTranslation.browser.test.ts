import { Component, createElement, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { tolerateTranslation } from './tolerateTranslation.ts';

/** As Chrome's translator does: an element with another text takes the place of a text. */
function translate(text: ChildNode): void {
  const font = document.createElementNS('http://www.w3.org/1999/xhtml', 'font');
  font.append(`(${text.textContent})`);
  text.replaceWith(font);
}

class Boundary extends Component<{ readonly children: ReactNode }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? 'failed' : this.props.children;
  }
}

/** Renders two texts and two elements, translates the texts, and removes a text and an element. @returns what is shown */
function changeTranslated(): string {
  const place = document.createElement('div');
  const root = createRoot(place, { onCaughtError: () => undefined });
  const render = (isOn: boolean) =>
    flushSync(() =>
      root.render(
        createElement(
          Boundary,
          null,
          createElement(
            'p',
            null,
            isOn && 'one ',
            !isOn && createElement('b', null, 'new '),
            'two',
          ),
        ),
      ),
    );
  render(true);
  for (const text of Array.from(place.querySelector('p')!.childNodes)) translate(text);
  render(false);
  const shown = place.textContent;
  root.unmount();
  return shown;
}

it('lets React change what a translator has moved', () => {
  const { removeChild, insertBefore } = Object.getOwnPropertyDescriptors(Node.prototype);
  expect(changeTranslated()).toBe('failed');
  tolerateTranslation();
  try {
    expect(changeTranslated()).toContain('new ');
  } finally {
    Object.defineProperties(Node.prototype, { removeChild, insertBefore });
  }
});
