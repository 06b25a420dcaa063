// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { constants, openSync } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { CliError, codeOf } from './cli-error.js';
import { GivenUp } from './given-up.js';
import { PipeWriter } from './pipe-writer.js';

/** A file being written, from its start to its end. */
export class OutputFile {
  readonly path: string;
  /** In a named pipe, a file's write would wait in the system for the reader, and no signal ends that. */
  readonly #handle: FileHandle | PipeWriter;
  /** Whether it is a file with positions, not a pipe or a device. */
  readonly #regular: boolean;
  #position = 0;

  private constructor(path: string, handle: FileHandle | PipeWriter, regular: boolean) {
    this.path = path;
    this.#handle = handle;
    this.#regular = regular;
  }

  /**
   * @param force whether a file that is there is overwritten.
   * @param interrupt after it, a pipe whose reader takes nothing is given up.
   * @throws {CliError} `OUTPUT`
   */
  static async create(path: string, force: boolean, interrupt: AbortSignal): Promise<OutputFile> {
    try {
      const pipe = force && (await stat(path).catch(() => undefined))?.isFIFO() === true;
      // Opening a named pipe waits for who reads it, and nothing ends that wait: without a reader this fails at once.
      if (pipe) {
        const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
        return new OutputFile(path, new PipeWriter(fd, interrupt), false);
      }
      const handle = await open(path, force ? 'w' : 'wx');
      return new OutputFile(path, handle, (await handle.stat()).isFile());
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') {
        throw new CliError('OUTPUT', `'${path}' is there already: --force overwrites it`, { cause });
      }
      if (codeOf(cause) === 'ENXIO') {
        throw new CliError('OUTPUT', `can't write '${path}': nobody reads the pipe; start its reader first`, { cause });
      }
      throw outputError(path, cause);
    }
  }

  /** Bytes written. */
  get position(): number {
    return this.#position;
  }

  /**
   * Writes all bytes; they are not needed any more when this has resolved.
   *
   * @throws {GivenUp} after a signal, for a pipe that nobody reads: it takes nothing more
   * @throws {CliError} `OUTPUT`; a part of the bytes may have been written: `position` does not count it.
   */
  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      if (this.#handle instanceof PipeWriter) {
        await this.#handle.write(bytes);
        this.#position += bytes.byteLength;
        return;
      }
      // A disk that is nearly full takes a part.
      while (written < bytes.byteLength) {
        const at = this.#regular ? this.#position + written : null;
        written += (await this.#handle.write(bytes, written, bytes.byteLength - written, at)).bytesWritten;
      }
    } catch (cause) {
      throw cause instanceof GivenUp ? cause : outputError(this.path, cause);
    }
    this.#position += written;
  }

  /**
   * Cuts what a failed write left behind.
   *
   * @param position and what was written after it; nothing unless given.
   */
  async cut(position = this.#position): Promise<void> {
    this.#position = position;
    if (this.#regular && !(this.#handle instanceof PipeWriter))
      await this.#handle.truncate(this.#position).catch(() => {});
  }

  /** @throws {CliError} `OUTPUT`, also for what the system could not write earlier. */
  async close(): Promise<void> {
    if (this.#handle instanceof PipeWriter) return this.#handle.close();
    try {
      // Some systems tell of a full disk only now.
      await this.#handle.sync().catch((error: unknown) => {
        // What has no disk below it, such as a pipe.
        if (!['EINVAL', 'ENOTSUP', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
      });
    } catch (cause) {
      throw outputError(this.path, cause);
    } finally {
      await this.#handle.close();
    }
  }

  /** Closes it, and takes it away when nothing was written. */
  async closeUnlessEmpty(): Promise<void> {
    await this.close();
    if (this.#position === 0 && this.#regular) await unlink(this.path).catch(() => {});
  }
}

/** What a failed write becomes; `path` is undefined for standard output. */
export function outputError(path: string | undefined, cause: unknown): CliError {
  const where = path === undefined ? 'standard output' : `'${path}'`;
  const reason = codeOf(cause) === 'ENOSPC' ? 'ENOSPC: the disk is full' : (cause as Error).message;
  return new CliError('OUTPUT', `can't write ${where}: ${reason}`, { cause });
}
