import { getWebGLContext } from '@tensorflow/tfjs-backend-webgl/dist/canvas_util.js';
import { env } from '@tensorflow/tfjs-core';
import { LabError } from '../../../domain/errors.ts';
import type { BackendDescription } from '../backend.ts';
import { findSoftwareRenderer } from './softwareRenderer.ts';

const remedy =
  'Use a current Chrome, Edge or Firefox on a computer, with hardware acceleration on in its settings.';

/**
 * Checks that TensorFlow.js can compute in float32 with WebGL 2 here. On phones that have half floats only,
 * training gives NaN.
 *
 * @throws LabError 'engine-unavailable'
 */
export function requireFloat32WebGL2(): void {
  if (typeof OffscreenCanvas === 'undefined') {
    throw new LabError(
      'engine-unavailable',
      'This browser has no OffscreenCanvas, so a worker cannot use WebGL.',
      remedy,
    );
  }
  if (!env().getBool('HAS_WEBGL') || env().getNumber('WEBGL_VERSION') !== 2) {
    throw new LabError(
      'engine-unavailable',
      'WebGL 2 does not start in this browser’s worker.',
      remedy,
    );
  }
  if (!env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')) {
    releaseContext(getWebGLContext(2)); // TensorFlow.js made it for its check
    throw new LabError(
      'engine-unavailable',
      'This graphics processor cannot render to 32-bit float textures; training needs them.',
      remedy,
    );
  }
}

/** Releases a context and all its memory at once. */
export function releaseContext(gl: WebGLRenderingContext): void {
  gl.getExtension('WEBGL_lose_context')?.loseContext();
}

/** Names the graphics processor, and says whether it is software. */
export function describeWebGL(gl: WebGL2RenderingContext): BackendDescription {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const device = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return {
    name: 'WebGL',
    device,
    isSoftware: findSoftwareRenderer(device) !== null,
    isFloat32: true,
  };
}
