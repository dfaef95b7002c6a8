import { describe, expect, it } from 'vitest';
import { shortenDevice } from './shortenDevice.ts';

describe('shortenDevice', () => {
  it.each([
    [
      'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002503) Direct3D11 vs_5_0 ps_5_0, D3D11)',
      'NVIDIA GeForce RTX 3060',
    ],
    ['ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)', 'Apple M2'],
    [
      'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
      'SwiftShader Device (Subzero)',
    ],
    ['Adreno (TM) 650', 'Adreno (TM) 650'],
  ])('shortens %s', (device, short) => expect(shortenDevice(device)).toBe(short));
});
