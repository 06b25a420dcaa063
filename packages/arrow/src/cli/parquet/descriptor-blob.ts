// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readAt } from '../../file/source.js';

/** A part of an open file as the Blob that parquet-wasm reads: what it uses of one. Only the ranges it asks for are read. */
export class DescriptorBlob implements Pick<Blob, 'size' | 'arrayBuffer'> {
  readonly #fd: number;
  readonly #start: number;
  readonly #end: number;

  constructor(fd: number, start: number, end: number) {
    this.#fd = fd;
    this.#start = start;
    this.#end = end;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  slice(start = 0, end = this.size): DescriptorBlob {
    const at = (offset: number) => Math.min(Math.max(this.#start + offset, this.#start), this.#end);
    return new DescriptorBlob(this.#fd, at(start), Math.max(at(start), at(end)));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    const filled = readAt(this.#fd, bytes, this.#start);
    if (filled < bytes.byteLength) throw new Error('the file became shorter while it was read');
    return bytes.buffer;
  }
}
