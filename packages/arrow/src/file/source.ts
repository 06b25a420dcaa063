// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fstatSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '@zenoh-segments/core';
import { ArrowPayloadError } from '../errors.js';

/**
 * Gives the memory that bytes are read into: `size` bytes or more, starting at a multiple of 8, better 64. Of an `Allocator`
 * of the core package it is `(size) => { owned.push(allocator.alloc(size)); return owned.at(-1).bytes; }`: the caller keeps
 * the buffer, to dispose it.
 */
export type Alloc = (size: number) => Uint8Array;

/** Bytes that come one after the other. */
export interface ByteSource {
  /** Fills `target` from the source; fewer bytes than it holds only at the end. */
  fill(target: Uint8Array): Promise<number>;
}

/** How long to wait for more when a descriptor is non-blocking, in milliseconds. */
const RETRY_MS = 2;

/**
 * Reads at `position` until `target` is full or the file ends.
 *
 * @throws {ArrowPayloadError} `ARROW_IO`
 */
export function readAt(fd: number, target: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < target.byteLength) {
    const count = io(() => readSync(fd, target, filled, target.byteLength - filled, position + filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** @throws {ArrowPayloadError} `ARROW_IO` */
export function io<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw ioError(cause);
  }
}

function ioError(cause: unknown): ArrowPayloadError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ArrowPayloadError('ARROW_IO', `can't read: ${reason}`, { cause });
}

/** A file, a pipe or a terminal, read straight into the caller's memory; the event loop waits for the system. */
export class DescriptorSource implements ByteSource {
  readonly #fd: number;

  /** @throws {ArrowPayloadError} `ARROW_IO` */
  constructor(fd: number) {
    this.#fd = fd;
    io(() => fstatSync(fd));
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.byteLength) {
      const count = this.#read(target, filled);
      if (count === undefined) await delay(RETRY_MS);
      else if (count === 0) break;
      else filled += count;
    }
    return filled;
  }

  /** `undefined` when a non-blocking descriptor has nothing yet. */
  #read(target: Uint8Array, at: number): number | undefined {
    try {
      return readSync(this.#fd, target, at, target.byteLength - at, null);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') return undefined;
      if (code === 'EOF') return 0;
      throw ioError(cause);
    }
  }
}

/** Chunks of bytes that something else read: each byte is copied once and counted as `convert`. */
export class ChunkSource implements ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #ledger: Ledger | undefined;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>, ledger?: Ledger) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#ledger = ledger;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.byteLength) {
      if (this.#rest.byteLength === 0 && !(await this.#next())) break;
      const take = this.#rest.subarray(0, target.byteLength - filled);
      target.set(take, filled);
      filled += take.byteLength;
      this.#rest = this.#rest.subarray(take.byteLength);
    }
    this.#ledger?.count('convert', filled);
    return filled;
  }

  /** Lets go of the source; it is told that no more is wanted. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #next(): Promise<boolean> {
    try {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#rest = value;
      return true;
    } catch (cause) {
      throw ioError(cause);
    }
  }
}
