// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beyond, invalid } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import type { BatchHead } from './batch-head.js';
import type { Body } from './body.js';

/** What a message says of a column. */
export interface Node {
  readonly length: number;
  readonly nulls: number;
}

export const NO_BYTES = new Uint8Array(0);

/**
 * Takes the nodes and buffers of one message in order, and keeps what they claim within the limits and the body.
 *
 * Each buffer is asked of the payload alone, and only as many bytes of it as the rows need: a view where one segment
 * holds it aligned, otherwise a gather that the payload's ledger counts.
 */
export class BatchCursor {
  readonly #head: BatchHead;
  readonly #body: Body;
  readonly #limits: ArrowLimits;
  #node = 0;
  #region = 0;
  #variadic = 0;
  #loaded = 0;
  /** Where the buffer at hand is in the body. */
  #offset = 0;
  #length = 0;

  constructor(head: BatchHead, body: Body, limits: ArrowLimits) {
    this.#head = head;
    this.#body = body;
    this.#limits = limits;
  }

  /** The length of the next column, and what it says of its nulls; apache-arrow says -1 for a slice of type `Null`. */
  node(name: string): Node {
    const { nodes } = this.#head;
    const index = this.#node++;
    if (index >= nodes.length) throw invalid('the batch has no node for the column', name);
    const length = nodes.int64(index, 0);
    const nulls = nodes.int64(index, 8);
    const { maxRows } = this.#limits;
    if (length < 0) throw invalid(`${length} values`, name);
    if (length > maxRows) throw beyond('maxRows', length, maxRows);
    return { length, nulls };
  }

  /** The validity bitmap of a column, which is empty when nothing is null. */
  validity({ length, nulls }: Node, name: string): Uint8Array {
    if (nulls < 0 || nulls > length) throw invalid(`${nulls} nulls among ${length} values`, name);
    return this.bytes(nulls === 0 ? 0 : Math.ceil(length / 8), 1, name);
  }

  /** The first `needed` bytes of the next buffer. */
  bytes(needed: number, alignment: number, name: string): Uint8Array {
    this.#next(name);
    return this.#read(needed, alignment, name);
  }

  /** All data buffers of a column of views. */
  dataBuffers(name: string): Uint8Array[] {
    const { regions, variadicCounts } = this.#head;
    const at = this.#variadic++;
    if (at >= variadicCounts.length) throw invalid('the batch has no number of data buffers for the column', name);
    const count = variadicCounts.int64(at, 0);
    if (count < 0 || count > regions.length - this.#region) throw invalid(`${count} data buffers`, name);
    const buffers: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      this.#next(name);
      buffers.push(this.#read(this.#body.sizeOf(this.#offset, this.#length, name), 1, name));
    }
    return buffers;
  }

  /** @throws {ArrowPayloadError} `ARROW_INVALID` when anything is left. */
  end(): void {
    const { nodes, regions, variadicCounts } = this.#head;
    if (this.#node !== nodes.length || this.#region !== regions.length || this.#variadic !== variadicCounts.length) {
      throw invalid('the batch has more nodes or buffers than the schema has columns');
    }
  }

  #next(name: string): void {
    const { regions } = this.#head;
    const index = this.#region++;
    if (index >= regions.length) throw invalid('the batch has too few buffers', name);
    this.#offset = regions.int64(index, 0);
    this.#length = regions.int64(index, 8);
    if (this.#offset < 0 || this.#length < 0 || this.#offset + this.#length > this.#body.bytes) {
      throw invalid('a buffer outside the body', name);
    }
  }

  #read(needed: number, alignment: number, name: string): Uint8Array {
    // Buffers over the same bytes would each be gathered: together they can't need more than there is.
    this.#loaded += needed;
    if (this.#loaded > this.#body.capacity) throw invalid('buffers that overlap', name);
    return needed === 0 ? NO_BYTES : this.#body.read(this.#offset, this.#length, needed, alignment, name);
  }
}
