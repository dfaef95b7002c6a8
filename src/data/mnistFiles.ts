/** One of MNIST's four original files, after decompression. */
export interface DataFile {
  /** Name in the original distribution; it is served as `<name>.bin`, gzipped. */
  readonly name: string;
  readonly byteLength: number;
  /** SHA-256 of the decompressed bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** The two files of a part: images and their labels, in the same order. */
export interface DataFilePair {
  readonly images: DataFile;
  readonly labels: DataFile;
}

export type DataPart = 'test' | 'training';

/** MNIST (Y. LeCun, C. Cortes, C. Burges): 60,000 training and 10,000 test images of 28 × 28 pixels. */
export const mnistFiles: Readonly<Record<DataPart, DataFilePair>> = {
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      byteLength: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      byteLength: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
  training: {
    images: {
      name: 'train-images-idx3-ubyte',
      byteLength: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      byteLength: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
};
