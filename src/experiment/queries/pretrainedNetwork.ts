import type { RunConfig } from '../../domain/settings/config.ts';
import type { PretrainedRecord } from '../../domain/pretrained.ts';

/** A network that came with the page, so that there are answers before anything is trained. */
export interface PretrainedNetwork {
  /** By which the worker knows it; no run has it. */
  readonly id: string;
  readonly name: string;
  /** Its place in the palette (slots.ts). */
  readonly slot: number;
  readonly config: RunConfig;
  /** Fractions of all test images that it answers wrongly; under attack: FGSM and PGD at ε 0.08. */
  readonly testErrors: PretrainedRecord['testErrors'];
  /** Whether a worker holds it, to be asked about images. */
  readonly hasNetwork: boolean;
}
