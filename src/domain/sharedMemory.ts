/**
 * Whether workers can share memory. Being cross-origin isolated is not enough: WebKitGTK isolates a page without giving
 * it SharedArrayBuffer.
 */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
}

/** Zeros, in memory that workers share if they can. */
export function allocateShared(length: number): Uint8Array {
  return new Uint8Array(canShareMemory() ? new SharedArrayBuffer(length) : new ArrayBuffer(length));
}

/** Whether the bytes are in memory that workers share. */
export function isShared({ buffer }: Uint8Array): boolean {
  return !(buffer instanceof ArrayBuffer);
}
