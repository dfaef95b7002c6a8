import type { PretrainedRecord } from '../../domain/pretrained.ts';

/** A network delivered with the page, so that there are predictions before anything is trained. */
export interface PretrainedNetwork extends Pick<
  PretrainedRecord,
  'name' | 'config' | 'testErrors'
> {
  /** Its id in the worker; no run has the same. */
  readonly id: string;
  /** Its index in the palette (paletteIndices.ts). */
  readonly paletteIndex: number;
  /** Whether a worker holds it and can evaluate it. */
  readonly hasNetwork: boolean;
}
