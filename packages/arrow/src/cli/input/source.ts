// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { CliError, usage } from '../cli-error.js';
import { HEAD_BYTES, isUndecided } from './format.js';
import { isPipe, NON_BLOCKING, openPipe, readDevice } from './pipe.js';

const CHUNK_BYTES = 1024 * 1024;

/** Where bytes come from. A regular file has a descriptor, and can be read at any position, straight into any memory. */
export interface Source extends Disposable {
  readonly path: string | undefined;
  /** Only of a regular file. */
  readonly fd: number | undefined;
  /** In bytes; only of a regular file. */
  readonly size: number | undefined;
  /** Bytes that {@link chunks} gave so far. */
  readonly given: number;
  /** Whether it can be opened again to give the same. */
  readonly repeatable: boolean;
  /** The first bytes, as many as tell the format. Waits for them. */
  head(): Promise<Uint8Array>;
  /** All bytes, the first ones included. Once. */
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * @param path `-` or undefined for standard input.
 * @param signal ends a wait for more.
 * @throws {CliError} `INPUT`, and `USAGE` when standard input is a terminal.
 */
export function openSource(path: string | undefined, signal: AbortSignal): Source {
  if (path === undefined || path === '-') return standardInput(path, signal);
  let fd: number | undefined;
  try {
    if (isPipe(path)) return new PipeSource(path, openPipe(path), signal);
    fd = openSync(path, NON_BLOCKING);
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw new Error('it is a directory');
    // What has no size may be made up by the system, and be any length.
    if (stat.isFile() && stat.size > 0) return new FileSource(path, fd, stat.size);
    return new PipeSource(path, readDevice(fd), signal);
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    throw unreadable(path, cause);
  }
}

function unreadable(path: string | undefined, cause: unknown): CliError {
  const what = path === undefined ? 'standard input' : `'${path}'`;
  return new CliError('INPUT', `can't read ${what}: ${(cause as Error).message}`, { cause });
}

function standardInput(path: string | undefined, signal: AbortSignal): Source {
  if (isatty(0) && path === undefined) throw usage('give a file, or pipe the data into standard input');
  // The descriptor is the process's: nothing here closes it.
  const stat = fstatSync(0);
  return stat.isFile() ? new FileSource(undefined, 0, stat.size) : new PipeSource(undefined, process.stdin, signal);
}

class FileSource implements Source {
  readonly path: string | undefined;
  readonly fd: number;
  readonly size: number;
  readonly repeatable: boolean;
  given = 0;

  constructor(path: string | undefined, fd: number, size: number) {
    this.path = path;
    this.fd = fd;
    this.size = size;
    this.repeatable = path !== undefined;
  }

  async head(): Promise<Uint8Array> {
    const head = new Uint8Array(HEAD_BYTES);
    try {
      return head.subarray(0, readSync(this.fd, head, 0, HEAD_BYTES, 0));
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const stream = createReadStream('', { fd: this.fd, autoClose: false, highWaterMark: CHUNK_BYTES, start: 0 });
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      this.given += chunk.byteLength;
      yield chunk;
    }
  }

  [Symbol.dispose](): void {
    if (this.path !== undefined) closeSync(this.fd);
  }
}

async function* chunksOf(stream: Readable, path: string | undefined): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * A pipe, a socket, a device: Node reads it into memory of its own, so that waiting for more stops neither Ctrl-C nor
 * anything else.
 */
class PipeSource implements Source {
  readonly fd = undefined;
  readonly size = undefined;
  readonly repeatable = false;
  given = 0;
  readonly path: string | undefined;
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #first: Uint8Array = new Uint8Array(0);

  constructor(path: string | undefined, stream: Readable, signal: AbortSignal) {
    this.path = path;
    this.#stream = stream;
    this.#chunks = chunksOf(stream, path);
    signal.addEventListener('abort', () => stream.destroy());
  }

  async head(): Promise<Uint8Array> {
    while (isUndecided(this.#first)) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      this.#first = this.#first.byteLength === 0 ? value : Buffer.concat([this.#first, value]);
    }
    return this.#first.subarray(0, HEAD_BYTES);
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    if (this.#first.byteLength > 0) yield this.#count(this.#first);
    for await (const chunk of { [Symbol.asyncIterator]: () => this.#chunks }) yield this.#count(chunk);
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  #count(chunk: Uint8Array): Uint8Array {
    this.given += chunk.byteLength;
    return chunk;
  }
}
