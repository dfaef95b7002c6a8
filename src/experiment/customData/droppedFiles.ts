import { LabError } from '../../domain/errors.ts';

/** A data set has at most six files; whole drives are dropped by mistake. */
export const mostInFolder = 100;
/** The folder that CIFAR-10's archive unpacks to. */
const unpackedName = 'cifar-10-batches-bin';

const remedy =
  'Drop the folder that holds the four IDX files or CIFAR-10’s binary version, or choose the files themselves.';

/** What the user dropped, before the folders are listed. */
export interface Dropped {
  readonly files: readonly File[];
  readonly folders: readonly FileSystemDirectoryEntry[];
}

/** Call this inside the event handler: the browser empties the transfer afterwards. */
export function takeDropped({ items, files }: Pick<DataTransfer, 'items' | 'files'>): Dropped {
  const taken = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => {
      const entry = item.webkitGetAsEntry();
      return isFolder(entry) ? { folder: entry } : { file: item.getAsFile() };
    });
  const folders = taken.flatMap(({ folder }) => folder ?? []);
  // The transfer lists a folder a second time, as a file that cannot be read.
  if (folders.length === 0) return { files: [...files], folders };
  return { files: taken.flatMap(({ file }) => file ?? []), folders };
}

/**
 * The dropped files and those in dropped folders, except hidden ones. If a folder contains CIFAR-10's folder, only
 * the files in that one count, because the downloaded archive is often next to it.
 *
 * @throws LabError 'data-corrupt' that names the folder, what was expected and what was found
 */
export async function openFolders({ files, folders }: Dropped): Promise<readonly File[]> {
  const found: FileSystemFileEntry[] = [];
  for (const folder of folders) {
    const inside = await listFolder(folder);
    const unpacked = inside.filter(isFolder).filter(({ name }) => name === unpackedName);
    const within = await Promise.all(unpacked.map(listFolder));
    const here = (unpacked.length > 0 ? within.flat() : inside).filter(
      (entry): entry is FileSystemFileEntry => entry.isFile,
    );
    if (here.length === 0) {
      throw problemOf(folder, 'files of a data set in this folder', 'none');
    }
    found.push(...here);
  }
  return [...files, ...(await Promise.all(found.map(openEntry)))];
}

/** All files in a folder except hidden ones. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const next = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    ).catch((thrown: unknown) => {
      throw unreadable(folder, thrown);
    });
    // A browser returns them in batches; an empty batch is the last.
    if (next.length === 0) return entries;
    entries.push(...next.filter(({ name }) => !name.startsWith('.')));
    if (entries.length > mostInFolder) {
      const expected = `at most ${mostInFolder} files and folders in it`;
      throw problemOf(folder, expected, 'more');
    }
  }
}

function openEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(
    (thrown: unknown) => {
      throw unreadable(entry, thrown);
    },
  );
}

function isFolder(entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry {
  return entry !== null && entry.isDirectory;
}

function problemOf({ name }: FileSystemEntry, expected: string, found: string): LabError {
  return new LabError('data-corrupt', `${name}: expected ${expected}, found ${found}.`, remedy);
}

function unreadable({ name }: FileSystemEntry, thrown: unknown): LabError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new LabError('data-corrupt', `The browser could not read ${name}: ${why}`, remedy, {
    cause: thrown,
  });
}
