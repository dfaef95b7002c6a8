import { describe, expect, it } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { mostInFolder, openFolders, takeDropped } from './droppedFiles.ts';

type Entry = Pick<FileSystemEntry, 'name' | 'isFile' | 'isDirectory'>;

function fileEntry(name: string): FileSystemFileEntry {
  const entry: Entry & Pick<FileSystemFileEntry, 'file'> = {
    name,
    isFile: true,
    isDirectory: false,
    file: (resolve) => setTimeout(() => resolve(new File(['x'], name))),
  };
  return entry as FileSystemFileEntry;
}

/** A folder as browsers provide it: through its own reader, in batches, with an empty batch at the end. */
function folderEntry(name: string, inside: readonly Entry[], most = 100): FileSystemDirectoryEntry {
  const entry: Entry & Pick<FileSystemDirectoryEntry, 'createReader'> = {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (resolve) => {
          const part = inside.slice(at, at + most) as FileSystemEntry[];
          at += part.length;
          setTimeout(() => resolve(part));
        },
      };
    },
  };
  return entry as FileSystemDirectoryEntry;
}

/** The data of a drop event; as in a browser, it is empty after the event. */
function transferOf(entries: readonly Entry[]) {
  const items = entries.map((entry) => ({
    kind: 'file',
    webkitGetAsEntry: () => entry,
    getAsFile: () => new File(['x'], entry.name),
  }));
  const files = entries.map(({ name }) => new File(['x'], name));
  const transfer = { items, files };
  const end = (): void => {
    transfer.items = [];
    transfer.files = [];
  };
  return { transfer: transfer as unknown as DataTransfer, end };
}

async function namesOf(...entries: readonly Entry[]): Promise<string[]> {
  const { transfer, end } = transferOf(entries);
  const dropped = takeDropped(transfer);
  end();
  return (await openFolders(dropped)).map(({ name }) => name);
}

async function refusalOf(...entries: readonly Entry[]): Promise<string> {
  const error: unknown = await namesOf(...entries).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return (error as LabError).message;
}

const batches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
const cifar10 = [...batches, 'test_batch.bin', 'batches.meta.txt', 'readme.html'];

describe('dropped items', () => {
  it('include plain files unchanged', async () => {
    expect(await namesOf(fileEntry('a'), fileEntry('.b'))).toEqual(['a', '.b']);
  });

  it('include the files of a folder by their paths, in any number of batches', async () => {
    const inside = [...cifar10, '.DS_Store'].map(fileEntry);
    expect(await namesOf(folderEntry('cifar-10-batches-bin', inside, 2))).toEqual(
      [...cifar10, '.DS_Store'].map((name) => `cifar-10-batches-bin/${name}`),
    );
    expect(await namesOf(fileEntry('a'), folderEntry('b', [fileEntry('c')]))).toEqual(['a', 'b/c']);
  });

  it('include the files of folders in folders, except hidden folders', async () => {
    const digits = folderEntry('3', ['1.png', '2.png'].map(fileEntry));
    const hidden = folderEntry('.git', [fileEntry('config')]);
    const train = folderEntry('train', [digits]);
    expect(await namesOf(folderEntry('mnist', [hidden, fileEntry('readme.md'), train]))).toEqual([
      'mnist/readme.md',
      'mnist/train/3/1.png',
      'mnist/train/3/2.png',
    ]);
    expect(await refusalOf(folderEntry('empty', [folderEntry('deep', [])]))).toBe(
      'empty: expected files of a data set in this folder, found none.',
    );
  });

  it('are refused when a folder holds too much, before all of it is listed', async () => {
    const many = (count: number, ending = '') =>
      Array.from({ length: count }, (_, index) => fileEntry(`${index}${ending}`));
    expect(await namesOf(folderEntry('full', many(mostInFolder), 70))).toHaveLength(mostInFolder);
    expect(await namesOf(folderEntry('7', many(3000, '.png'), 500))).toHaveLength(3000);
    let asked = 0;
    const full = folderEntry('Photos', many(5000), 500);
    const reader = full.createReader();
    full.createReader = () => ({
      readEntries: (...callbacks) => {
        asked++;
        reader.readEntries(...callbacks);
      },
    });
    expect(await refusalOf(full)).toBe('Photos: expected at most 1,000 files in it, found more.');
    expect(asked).toBe(3);
  });

  it('name the folder or file that cannot be read', async () => {
    const locked = folderEntry('locked', []);
    locked.createReader = () => ({
      readEntries: (_resolve, reject) => reject?.(new DOMException('Not allowed.')),
    });
    expect(await refusalOf(locked)).toBe('The browser could not read locked: Not allowed.');
    const gone = fileEntry('gone.bin');
    gone.file = (_resolve, reject) => reject?.(new DOMException('Not found.'));
    expect(await refusalOf(folderEntry('data', [gone]))).toBe(
      'The browser could not read gone.bin: Not found.',
    );
  });
});
