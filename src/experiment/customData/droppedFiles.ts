import { cleanName } from '../../domain/cleanName.ts';
import { LabError } from '../../domain/errors.ts';

/** Most files in a folder; whole drives are dropped by mistake. */
export const mostInFolder = 1000;
/** Pictures may be as many as images. */
const mostPictures = 400_000;
const mostDepth = 8;

const remedy = 'Drop the folder that holds the data set, its archive, or the files themselves.';

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
 * The dropped files and all files in dropped folders; each is named by its path.
 *
 * @throws LabError 'data-corrupt' that names the folder, what was expected and what was found
 */
export async function openFolders({ files, folders }: Dropped): Promise<readonly File[]> {
  const found: { entry: FileSystemFileEntry; path: string }[] = [];
  for (const folder of folders) {
    const counts = { files: 0, pictures: 0 };
    const before = found.length;
    await listFolder(folder, folder.name, 0, ({ entry, path }) => {
      if (/\.png$/i.test(path)) counts.pictures++;
      else counts.files++;
      if (counts.files > mostInFolder || counts.pictures > mostPictures) {
        throw problemOf(
          folder,
          `at most ${mostInFolder.toLocaleString('en-US')} files in it`,
          'more',
        );
      }
      found.push({ entry, path });
    });
    if (found.length === before) {
      throw problemOf(folder, 'files of a data set in this folder', 'none');
    }
  }
  const opened = found.map(async ({ entry, path }) => new File([await openEntry(entry)], path));
  return [...files, ...(await Promise.all(opened))];
}

/** The files that were chosen as a folder, named by their paths. */
export function nameByPath(files: readonly File[]): readonly File[] {
  return files.map((file) =>
    file.webkitRelativePath ? new File([file], file.webkitRelativePath) : file,
  );
}

/** All files in a folder and those in it. */
async function listFolder(
  folder: FileSystemDirectoryEntry,
  path: string,
  depth: number,
  add: (found: { entry: FileSystemFileEntry; path: string }) => void,
): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const next = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    ).catch((thrown: unknown) => {
      throw unreadable(folder, thrown);
    });
    // A browser returns them in batches; an empty batch is the last.
    if (next.length === 0) return;
    for (const entry of next) {
      const inside = `${path}/${entry.name}`;
      if (!isFolder(entry)) add({ entry: entry as FileSystemFileEntry, path: inside });
      else if (depth < mostDepth && !entry.name.startsWith('.')) {
        await listFolder(entry, inside, depth + 1, add);
      }
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
  return new LabError(
    'data-corrupt',
    `${cleanName(name)}: expected ${expected}, found ${found}.`,
    remedy,
  );
}

function unreadable({ name }: FileSystemEntry, thrown: unknown): LabError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new LabError(
    'data-corrupt',
    `The browser could not read ${cleanName(name)}: ${why}`,
    remedy,
    {
      cause: thrown,
    },
  );
}
