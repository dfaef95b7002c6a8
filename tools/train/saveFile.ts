import { constants, rmSync } from 'node:fs';
import { access, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './options/usageError.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'the disk is full',
};

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? (error instanceof Error ? error.message : String(error));
}

/** The file to replace: the target of a link, also where there is none yet, and not the link. */
async function followLinks(name: string): Promise<string> {
  let file = path.resolve(name);
  for (let links = 0; links < 40; links++) {
    const target = await readlink(file).catch(() => null);
    if (target === null) break;
    file = path.resolve(path.dirname(file), target);
  }
  return realpath(file).catch(() => file);
}

/** A file that is replaced atomically: it is either unchanged or completely written. */
export class SaveFile {
  readonly name: string;
  readonly #target: string;
  readonly #temporary: string;

  private constructor(name: string, target: string) {
    this.name = name;
    this.#target = target;
    this.#temporary = `${target}.${process.pid}.tmp`;
  }

  /**
   * Checks that the file can be written, without changing it.
   *
   * @throws UsageError if it cannot
   */
  static async prepare(name: string): Promise<SaveFile> {
    const refuse = (why: string) => new UsageError(`--save ${name} cannot be written: ${why}.`);
    const target = await followLinks(name);
    const existing = await stat(target).catch(() => null);
    if (existing && !existing.isFile()) {
      throw refuse(existing.isDirectory() ? 'it is a directory' : 'it is not a file');
    }
    const file = new SaveFile(name, target);
    try {
      if (existing) await access(target, constants.W_OK);
      await (await open(file.#temporary, 'wx')).close();
      await rm(file.#temporary);
    } catch (error) {
      throw refuse(reason(error));
    }
    // A second signal may end the process during a write.
    process.on('exit', () => rmSync(file.#temporary, { force: true }));
    return file;
  }

  /** @throws Error with a one-line message; the old file is then unchanged */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      const handle = await open(this.#temporary, 'w');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(this.#temporary, this.#target);
    } catch (error) {
      await rm(this.#temporary, { force: true });
      throw new Error(`${this.name} could not be written: ${reason(error)}.`, { cause: error });
    }
  }
}
