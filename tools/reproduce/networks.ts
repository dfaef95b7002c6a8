import { createHash } from 'node:crypto';
import path from 'node:path';

/**
 * The trained networks of a plan are kept outside of the repository, in its cache, so that new attacks need no new
 * training. A run's result has the hash of its network's file.
 */

/** @param cache the folder of a plan's checkpoints */
export function networkFile(cache: string, runId: string): string {
  return path.join(cache, 'networks', `${runId}.safetensors`);
}

/** In hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
