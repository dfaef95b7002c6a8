/**
 * Whether workers can share memory. Being cross-origin isolated is not enough: WebKitGTK isolates a page without giving
 * it SharedArrayBuffer.
 */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
}
