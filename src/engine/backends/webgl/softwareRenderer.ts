/** Renderers that run on the processor, by the names that browsers give them. */
const names = /swiftshader|llvmpipe|lavapipe|softpipe|swrast|software|basic render/i;

/** The name of the software renderer in a device's description; null for hardware. */
export function findSoftwareRenderer(device: string): string | null {
  return names.exec(device)?.[0] ?? null;
}
