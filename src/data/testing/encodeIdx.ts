/** An IDX file: dimension sizes and elements under a header of the given element type. */
export function encodeIdx(
  sizes: readonly number[],
  elements: ArrayLike<number>,
  elementType = 0x08,
): Uint8Array<ArrayBuffer> {
  const headerLength = 4 + 4 * sizes.length;
  const bytes = new Uint8Array(headerLength + elements.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, elementType * 256 + sizes.length);
  sizes.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  bytes.set(elements, headerLength);
  return bytes;
}
