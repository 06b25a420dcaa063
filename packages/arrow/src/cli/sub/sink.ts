// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { codeOf } from '../cli-error.js';
import { unlessHeldUp } from '../given-up.js';
import { OutputFile, outputError } from '../output-file.js';

/** The reader of the output went away: no error, but the end. */
export class ReaderGone extends Error {}

/** Where an output is written. */
export interface Sink {
  /** Whether a person reads it: what comes from strangers must not steer a terminal. */
  readonly terminal: boolean;
  /**
   * Resolves when everything was handed to the system: the memory of the chunks is not needed any more. Of chunks that
   * could not all be written, a file keeps none.
   *
   * @throws {ReaderGone}
   * @throws {GivenUp} after a signal, when nobody reads: the system still has the memory of the chunks
   * @throws {CliError} `OUTPUT`
   */
  write(chunks: readonly (Uint8Array | string)[]): Promise<void>;
  /** Takes back, where that is possible, what is of no use without what could not be written. */
  discard(): Promise<void>;
  /** After the last chunk. @throws {CliError} `OUTPUT` */
  close(): Promise<void>;
}

/** Standard output, with back-pressure. */
export class StandardOutput implements Sink {
  readonly terminal = process.stdout.isTTY === true;
  readonly #interrupt: AbortSignal;

  /** @param interrupt after it, a reader that takes nothing for long is given up. */
  constructor(interrupt: AbortSignal) {
    this.#interrupt = interrupt;
    // Each write reports its own error; without a listener it would be thrown as well.
    process.stdout.on('error', () => {});
  }

  async write(chunks: readonly (Uint8Array | string)[]): Promise<void> {
    for (const group of groupsOf(chunks)) {
      await unlessHeldUp(this.#write(group), this.#interrupt, () => 'the rest of the output, which nobody reads');
    }
  }

  #write(chunks: readonly (Uint8Array | string)[]): Promise<void> {
    const last = chunks.length - 1;
    return new Promise((resolve, reject) => {
      const done = (error: Error | null | undefined) => {
        if (error === null || error === undefined) resolve();
        else reject(codeOf(error) === 'EPIPE' ? new ReaderGone() : outputError(undefined, error));
      };
      process.stdout.cork();
      chunks.forEach((chunk, i) => {
        if (i === last) process.stdout.write(chunk, done);
        else process.stdout.write(chunk);
      });
      process.stdout.uncork();
    });
  }

  async discard(): Promise<void> {}

  async close(): Promise<void> {}
}

/** What a reader who does read takes in less than the time that it has after a signal. */
const GROUP_BYTES = 2 ** 18;

/** The same, in parts that show whether somebody reads: a large chunk goes in pieces, small ones together. */
function* groupsOf(chunks: readonly (Uint8Array | string)[]): Generator<readonly (Uint8Array | string)[]> {
  let group: (Uint8Array | string)[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    const whole = typeof chunk === 'string' && chunk.length > GROUP_BYTES / 4 ? Buffer.from(chunk) : chunk;
    for (let at = 0; at < whole.length; at += GROUP_BYTES) {
      const piece = typeof whole === 'string' ? whole : whole.subarray(at, at + GROUP_BYTES);
      group.push(piece);
      bytes += piece.length;
      if (bytes < GROUP_BYTES) continue;
      yield group;
      group = [];
      bytes = 0;
    }
  }
  if (group.length > 0) yield group;
}

/** A file; none is left behind when there was nothing to write. */
export class FileSink implements Sink {
  readonly terminal = false;
  readonly #file: OutputFile;

  private constructor(file: OutputFile) {
    this.#file = file;
  }

  /** @throws {CliError} `OUTPUT` */
  static async create(path: string, force: boolean, interrupt: AbortSignal): Promise<FileSink> {
    return new FileSink(await OutputFile.create(path, force, interrupt));
  }

  async write(chunks: readonly (Uint8Array | string)[]): Promise<void> {
    const { position } = this.#file;
    try {
      for (const chunk of chunks) await this.#file.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    } catch (error) {
      // A part of a row, or of a message, would make all before it hard to read.
      await this.#file.cut(position);
      throw error;
    }
  }

  discard(): Promise<void> {
    return this.#file.cut(0);
  }

  close(): Promise<void> {
    return this.#file.closeUnlessEmpty();
  }
}
