export type Part = 'training' | 'test' | 'validation';

/** Windows writes paths with backslashes. */
export function toPath(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Files that systems put beside those of a user. */
export function isSystemFile(path: string): boolean {
  return path
    .split('/')
    .some((name) => /^(\.[^.].*|__MACOSX|thumbs\.db|desktop\.ini|icon\r?)$/i.test(name));
}

/** EMNIST's published names; only its files store the columns of an image where MNIST's store the rows. */
export function isEmnistName(path: string): boolean {
  const sets = 'balanced|byclass|bymerge|letters|digits|mnist';
  const files = `(train|test)(-images[-.]idx3-ubyte)?( ?\\(\\d+\\))?(\\.(gz|csv))*`;
  return new RegExp(`^emnist-(${sets})-${files}$`, 'i').test(baseName(path));
}

function partOf(name: string): Part | null {
  const isTraining = /train/i.test(name);
  // Not within a word, as in "latest"; but in xtest and mnisttest.
  const isTest = /t10k|(^|[^a-z]|[^a-z][xy]|^[xy]|mnist)test/i.test(name);
  const isValidation = /valid|(^|[^a-z]|[xy])(val|dev)([^a-z]|$)/i.test(name);
  if ([isTraining, isTest, isValidation].filter(Boolean).length !== 1) return null;
  return isTraining ? 'training' : isTest ? 'test' : 'validation';
}

/** The part that a file's name says, or else the nearest folder's. */
export function findPart(path: string): Part | null {
  for (const name of path.split('/').reverse()) {
    const part = partOf(name);
    if (part !== null) return part;
  }
  return null;
}

const sharedWords =
  /^([xy]?(train(ing)?|test(ing)?|t10k|val(id(ation)?)?|dev)|x|y|images?|imgs?|labels?|targets?|idx\d|ubyte|int|gz|npy|npz|csv|txt|bin|data|set|arr|0|raw|)$/;

function wordsOf(name: string): string[] {
  const words = name
    .toLowerCase()
    .replace(/ ?\(\d+\)/g, '')
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => !sharedWords.test(word));
}

/**
 * What files of one data set have in common: the folder, and the name without the words for part and kind. Folders that
 * are named like a file, as some programs unpack them, or like a part do not count.
 */
export function findSetName(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const inFolders = folders.flatMap((folder) => {
    const isOfFile = partOf(folder) !== null;
    return isOfFile ? wordsOf(folder) : [folder.toLowerCase()];
  });
  const words = [...inFolders, ...wordsOf(baseName(path))];
  return words.filter((word, i) => words.indexOf(word) === i).join(' ');
}
