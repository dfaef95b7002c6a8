import { isSmallMnist } from '../domain/dataSet.ts';

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
  /** About how many bytes travel when both are served compressed, as this project's builds serve them. */
  readonly transferBytes: number;
}

export type DataPart = 'test' | 'training';

/** MNIST (Y. LeCun, C. Cortes, C. Burges): 60,000 training and 10,000 test images of 28 × 28 pixels. */
export const wholeMnist: Readonly<Record<DataPart, DataFilePair>> = {
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
    transferBytes: 1_633_776,
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
    transferBytes: 9_829_469,
  },
};

/** The first 1,000 test and 4,000 training images, as IDX files of the same names: enough for most tests of the page. */
export const smallMnist: Readonly<Record<DataPart, DataFilePair>> = {
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      byteLength: 784_016,
      sha256: 'de7c252b04f05e1f8309634180ccdf286dc6dbac8c579b74e76e02ae0331ca52',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      byteLength: 1008,
      sha256: '832c0d20f0dc42e575488c75a83a970787d4c8d4d05831b2ef03701b4a478a90',
    },
    transferBytes: 159_453,
  },
  training: {
    images: {
      name: 'train-images-idx3-ubyte',
      byteLength: 3_136_016,
      sha256: 'b3358b9a61a251a81c68ae570ea2d92d118ac42c2c0af55cc2f275960da94cc4',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      byteLength: 4008,
      sha256: '2f27f08fa71eec1104defc563b61fcb2d9269d71a38c1898c9e4b6ce4f255449',
    },
    transferBytes: 657_443,
  },
};

/** The files that this build serves and accepts. */
export const mnistFiles = isSmallMnist ? smallMnist : wholeMnist;
