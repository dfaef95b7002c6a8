import { expect, it } from 'vitest';
import { tolerateTranslation } from './tolerateTranslation.ts';

/** What React uses of a node, without a browser. */
class FakeNode {
  parentNode: FakeNode | null = null;
  readonly children: FakeNode[] = [];

  constructor(readonly name: string) {}

  removeChild(child: FakeNode): FakeNode {
    const place = this.children.indexOf(child);
    if (place < 0) throw new Error('NotFoundError');
    this.children.splice(place, 1);
    child.parentNode = null;
    return child;
  }

  insertBefore(node: FakeNode, before: FakeNode | null): FakeNode {
    const place = before === null ? this.children.length : this.children.indexOf(before);
    if (place < 0) throw new Error('NotFoundError');
    node.parentNode?.removeChild(node);
    this.children.splice(place, 0, node);
    node.parentNode = this;
    return node;
  }

  get text(): string {
    return this.name + this.children.map(({ text }) => text).join('');
  }
}

it('removes and inserts around texts that a translator has moved', () => {
  tolerateTranslation(FakeNode.prototype as unknown as Node);
  const [parent, first, text, font] = ['', 'a', 'b', ''].map((name) => new FakeNode(name));
  parent!.insertBefore(first!, null);
  parent!.insertBefore(text!, null);
  parent!.insertBefore(font!, text!);
  font!.insertBefore(text!, null); // translated
  parent!.insertBefore(new FakeNode('x'), text!);
  expect(parent!.text).toBe('axb');
  parent!.removeChild(text!);
  expect(parent!.text).toBe('ax');
  parent!.removeChild(text!); // is nowhere
  parent!.insertBefore(new FakeNode('y'), text!);
  expect(parent!.text).toBe('axy');
});
