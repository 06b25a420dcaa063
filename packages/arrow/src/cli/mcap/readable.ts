// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { FileHandle } from 'node:fs/promises';
import type { IReadable } from '@mcap/core';
import { CliError } from '../cli-error.js';

/** The most bytes of a file that are in memory at once: a message of zenoh has 1 GiB at most. */
export const MAX_RECORD_BYTES = 2 ** 30 + 2 ** 20;

/** A file for the format's reader, which asks for what the file says: nothing is allocated that the file does not have. */
export class McapReadable implements IReadable {
  readonly #handle: FileHandle;
  readonly #size: number;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  async size(): Promise<bigint> {
    return BigInt(this.#size);
  }

  /** Each read has memory of its own: messages are views of it. */
  async read(offset: bigint, length: bigint): Promise<Uint8Array> {
    if (offset < 0n || length < 0n || offset + length > BigInt(this.#size)) {
      throw new Error(`it points to ${length} bytes at ${offset}, outside the file's ${this.#size}`);
    }
    if (length > MAX_RECORD_BYTES) throw tooLarge(Number(length));
    const target = new Uint8Array(Number(length));
    let filled = 0;
    while (filled < target.byteLength) {
      const left = target.byteLength - filled;
      const { bytesRead } = await this.#handle.read(target, filled, left, Number(offset) + filled);
      if (bytesRead === 0) throw new Error('the file became shorter while it was read');
      filled += bytesRead;
    }
    return target;
  }
}

export function tooLarge(bytes: number): CliError {
  return new CliError('MCAP_LIMIT', `a record of ${bytes} bytes: more than ${MAX_RECORD_BYTES} are not taken`);
}
