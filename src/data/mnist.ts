import { type DownloadOptions, downloadFile } from './download.ts';
import { parseIdxImages, parseIdxLabels } from './idx.ts';
import { type ImageSet, makeImageSet } from './imageSet.ts';
import { type DataFilePair, type DataPart, mnistFiles } from './mnistFiles.ts';

export interface LoadOptions extends Omit<DownloadOptions, 'onBytes'> {
  /** Absolute URL of the folder that serves `<name>.bin`, with a trailing slash. */
  readonly dataUrl: string;
  /** Called at most about a hundred times per load, with bytes as they travel, compressed. */
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
}

/** Loads a pair of IDX files; `loadMnist` with the files as a parameter. */
export async function loadPair(
  { images, labels, transferBytes }: DataFilePair,
  { dataUrl, onProgress, ...download }: LoadOptions,
): Promise<ImageSet> {
  const totalBytes = images.byteLength + labels.byteLength;
  let reportedBytes = 0;

  function report(loadedBytes: number): void {
    const isDue = Math.abs(loadedBytes - reportedBytes) >= totalBytes / 100;
    if (!isDue && loadedBytes !== totalBytes) return;
    reportedBytes = loadedBytes;
    onProgress(Math.round((loadedBytes / totalBytes) * transferBytes), transferBytes);
  }

  onProgress(0, transferBytes);
  // The small file first, so that a wrong address fails at once.
  const labelBytes = await downloadFile(`${dataUrl}${labels.name}.bin`, labels, {
    ...download,
    onBytes: report,
  });
  const imageBytes = await downloadFile(`${dataUrl}${images.name}.bin`, images, {
    ...download,
    onBytes: (bytes) => report(labels.byteLength + bytes),
  });
  return makeImageSet(
    parseIdxImages(imageBytes, images.name),
    parseIdxLabels(labelBytes, labels.name),
  );
}

/**
 * Loads MNIST's test or training images: fetches, decompresses, checks by SHA-256, parses, caches.
 *
 * @throws LabError `data-unreachable` or `data-corrupt`; the signal's reason if aborted
 */
export function loadMnist(part: DataPart, options: LoadOptions): Promise<ImageSet> {
  return loadPair(mnistFiles[part], options);
}
