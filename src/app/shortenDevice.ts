/**
 * A graphics processor's name in its common short form. Browsers report, for instance,
 * "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002503) Direct3D11 vs_5_0 ps_5_0, D3D11)".
 */
export function shortenDevice(device: string): string {
  const angle = /^ANGLE \([^,]+, (.+), [^,]+\)$/.exec(device);
  return (angle?.[1] ?? device)
    .replace(/ ?\(0x[0-9a-f]+\)/gi, '')
    .replace(/^Vulkan [\d.]+ \((.+)\)$/, '$1')
    .replace(/ Direct3D.*$/, '')
    .replace(/^ANGLE Metal Renderer: /, '');
}
