/** Renderers that are programs on the processor, by what browsers call them. */
const names = /swiftshader|llvmpipe|lavapipe|softpipe|swrast|software|basic render/i;

/** What renders WebGL on the processor, in its own spelling; null where it is not known to be such. */
export function findSoftwareRenderer(device: string): string | null {
  return names.exec(device)?.[0] ?? null;
}
