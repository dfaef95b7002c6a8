/**
 * Machine translators move text nodes into elements of their own (Chrome's into <font>). React then removes, or inserts
 * before, nodes that are no longer where it put them, which throws and takes the whole page down
 * (https://github.com/facebook/react/issues/11538). With this, such a node is removed from where it is now, and what
 * should come before it is appended.
 */
export function tolerateTranslation(prototype: Node = Node.prototype): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the node that they belong to
  const { removeChild, insertBefore } = prototype;
  prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) return removeChild.call(this, child) as T;
    child.parentNode?.removeChild(child);
    return child;
  };
  prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    const isHere = before === null || before.parentNode === this;
    return insertBefore.call(this, node, isHere ? before : childWith(this, before)) as T;
  };
}

/** The child of `parent` that a translator has put `node` into; null if it is nowhere in it. */
function childWith(parent: Node, node: Node): Node | null {
  for (let above: Node | null = node; above !== null; above = above.parentNode) {
    if (above.parentNode === parent) return above;
  }
  return null;
}
