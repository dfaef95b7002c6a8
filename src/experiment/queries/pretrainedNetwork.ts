import type { RunConfig } from '../../domain/settings/config.ts';
import type { PretrainedRecord } from '../../domain/pretrained.ts';

/** A network delivered with the page, so that there are predictions before anything is trained. */
export interface PretrainedNetwork {
  /** Its id in the worker; no run has the same. */
  readonly id: string;
  readonly name: string;
  /** Its index in the palette (paletteIndices.ts). */
  readonly paletteIndex: number;
  readonly config: RunConfig;
  /** Error rates on all test images; under attack: FGSM and PGD at ε 0.08. */
  readonly testErrors: PretrainedRecord['testErrors'];
  /** Whether a worker holds it and can evaluate it. */
  readonly hasNetwork: boolean;
}
