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

  it('include a folder’s files except hidden ones, in any number of batches', async () => {
    const inside = [...cifar10, '.DS_Store'].map(fileEntry);
    expect(await namesOf(folderEntry('cifar-10-batches-bin', inside, 2))).toEqual(cifar10);
    expect(await namesOf(fileEntry('a'), folderEntry('b', [fileEntry('c')]))).toEqual(['a', 'c']);
  });

  it('include only CIFAR-10’s folder if the dropped folder contains it', async () => {
    const unpacked = folderEntry('cifar-10-batches-bin', cifar10.map(fileEntry));
    const others = folderEntry('others', [fileEntry('photo.jpg')]);
    const archive = fileEntry('cifar-10-binary.tar.gz');
    expect(await namesOf(folderEntry('Downloads', [others, archive, unpacked]))).toEqual(cifar10);
    const deep = folderEntry('data', [unpacked]);
    expect(await refusalOf(folderEntry('Downloads', [deep]))).toBe(
      'Downloads: expected files of a data set in this folder, found none.',
    );
  });

  it('are refused when a folder holds too much, before all of it is listed', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => fileEntry(String(index)));
    expect(await namesOf(folderEntry('full', many(mostInFolder), 7))).toHaveLength(mostInFolder);
    let asked = 0;
    const full = folderEntry('Photos', many(1000), 50);
    const reader = full.createReader();
    full.createReader = () => ({
      readEntries: (...callbacks) => {
        asked++;
        reader.readEntries(...callbacks);
      },
    });
    expect(await refusalOf(full)).toBe(
      'Photos: expected at most 100 files and folders in it, found more.',
    );
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
