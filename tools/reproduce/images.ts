import { type DataSet, readDataDirectory } from '../train/dataDirectory.ts';
import type { RunConfig } from '../../src/domain/settings/config.ts';
import { readCifarImages } from './cifarImages.ts';

/** Training and test images of a run. @param directory of IDX files or, if the config names CIFAR-10, its files or archive */
export function readRunImages(
  { dataSet }: Pick<RunConfig, 'dataSet'>,
  directory: string,
): Promise<Pick<DataSet, 'training' | 'test'>> {
  return dataSet ? readCifarImages(directory, dataSet) : readDataDirectory(directory);
}
