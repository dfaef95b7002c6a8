import { describe, expect, it } from 'vitest';
import { findSoftwareRenderer } from './softwareRenderer.ts';

describe('findSoftwareRenderer', () => {
  it.each([
    [
      'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
      'SwiftShader',
    ],
    ['llvmpipe (LLVM 15.0.6, 256 bits)', 'llvmpipe'],
    ['llvmpipe, or similar', 'llvmpipe'],
    [
      'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)',
      'Basic Render',
    ],
    ['Apple Software Renderer', 'Software'],
  ])('recognizes the software renderer in %s', (device, name) => {
    expect(findSoftwareRenderer(device)).toBe(name);
  });

  it.each([
    'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002503) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)',
    'Intel(R) HD Graphics, or similar',
    'Adreno (TM) 640',
    'Mozilla',
  ])('treats %s as hardware', (device) => {
    expect(findSoftwareRenderer(device)).toBeNull();
  });
});
