// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import { batchMessage } from '../encode/batch-message.js';

/**
 * The figures of a batch's metadata, noted one after the other, and the message that says them. A builder makes batch after batch with
 * the same ones, mostly: then the message is that of the batch before.
 */
export class BatchOutline {
  /** Rows, bytes of the body, then the nulls of each column, then from where and how long each buffer is. */
  readonly #figures: number[] = [];
  readonly #columns: number;
  readonly #buffers: number;
  #message: Uint8Array | undefined;

  constructor(columns: number, buffers: number) {
    this.#columns = columns;
    this.#buffers = buffers;
    for (let i = 0; i < 2 + columns + 2 * buffers; i++) this.#figures.push(0);
  }

  column(index: number, nulls: number): void {
    this.#note(2 + index, nulls);
  }

  /** @param offset from the start of the body, in bytes */
  buffer(index: number, offset: number, length: number): void {
    this.#note(2 + this.#columns + 2 * index, offset);
    this.#note(3 + this.#columns + 2 * index, length);
  }

  /** The message, whose size depends on the number of columns and buffers alone; not to be changed. */
  message(rows: number, byteLength: number): Uint8Array {
    this.#note(0, rows);
    this.#note(1, byteLength);
    this.#message ??= this.#write();
    return this.#message;
  }

  #note(at: number, figure: number): void {
    if (this.#figures[at] === figure) return;
    this.#figures[at] = figure;
    this.#message = undefined;
  }

  #write(): Uint8Array {
    const [rows = 0, byteLength = 0, ...rest] = this.#figures;
    const nodes = rest.slice(0, this.#columns).map((nulls) => new FieldNode(rows, nulls));
    const places = rest.slice(this.#columns);
    const regions = Array.from(
      { length: this.#buffers },
      (_, i) => new BufferRegion(places[2 * i] as number, places[2 * i + 1] as number),
    );
    return batchMessage({ rows, body: { nodes, regions, buffers: [], byteLength } });
  }
}
