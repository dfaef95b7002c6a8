import type { Backend } from './backend.ts';
import { WebGLBackend } from './webgl/backend.ts';

/**
 * The engine for this machine.
 *
 * @throws LabError 'engine-unavailable' when none works here, with the reason
 */
export function selectBackend(): Promise<Backend> {
  return Promise.resolve().then(() => new WebGLBackend());
}
