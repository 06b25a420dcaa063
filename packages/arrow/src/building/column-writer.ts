// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, type Field, util } from 'apache-arrow';
import type { ArrowPayloadError } from '../errors.js';
import type { Cell } from './cells.js';
import { refusal } from './refusal.js';
import type { TableChunk } from './table-chunk.js';

/** One buffer of a column: its place in the chunk. */
export interface Region {
  /** From the chunk's start, a multiple of 64. */
  readonly at: number;
  /** Bytes it may have. */
  readonly room: number;
}

/**
 * One column of a `ShmTableBuilder`, written where it is sent from.
 *
 * Its typed arrays are views of the chunk: after the builder moved to another one (it grew, or was reset) they have length
 * 0, and must be asked for anew.
 */
// biome-ignore lint/suspicious/noExplicitAny: a column of any type
export abstract class ColumnWriter<D extends DataType = any> {
  readonly name: string;
  readonly type: D;
  /** Whether the column takes nulls; without it there is no room for a validity bitmap. */
  readonly nullable: boolean;
  /** @internal Whether anything was written, or may have been, since the builder was reset. */
  written = false;
  /** @internal The buffers as they are sent: validity first. */
  regions: readonly Region[] = [];
  protected readonly chunk: TableChunk;
  #validity: Uint8Array | undefined;
  #hasNulls = false;

  /** @internal */
  constructor(field: Field<D>, chunk: TableChunk) {
    this.name = field.name;
    this.type = field.type;
    this.nullable = field.nullable;
    this.chunk = chunk;
  }

  /**
   * The validity bitmap: the bit of a row is 1 where it has a value, and all are until it is written to. Nulls are counted
   * when the builder finishes.
   *
   * @throws {ArrowPayloadError} `ARROW_VALUE` when the column is not nullable.
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`, when the builder has no chunk yet and gets none.
   */
  get validity(): Uint8Array {
    if (!this.nullable) throw this.refused('null');
    if (this.#validity === undefined) {
      const bits = this.view(0);
      if (!this.#hasNulls) bits.fill(0xff);
      this.#hasNulls = true;
      this.#validity = bits;
    }
    return this.#validity;
  }

  /**
   * Writes one value, or null; the builder grows when it has fewer rows.
   *
   * @throws {ArrowPayloadError} `ARROW_VALUE` when the type can't hold it, when null comes and the column is not nullable, or
   * for a row that no batch can have.
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`, when there is no room to grow into: nothing is lost.
   */
  set(row: number, cell: Cell<D> | null): void {
    if (!Number.isSafeInteger(row) || row < 0) throw this.refused(`a row ${row}`);
    this.chunk.need(row + 1);
    this.put(row, cell);
  }

  /** @internal As `set`, in a chunk that has the row. */
  put(row: number, cell: unknown): void {
    if (cell === null || cell === undefined) {
      const bits = this.validity;
      this.putNull(row);
      bits[row >>> 3] = (bits[row >>> 3] as number) & ~(1 << (row & 7));
    } else {
      this.putValue(row, cell);
      const bits = this.#validity;
      if (bits !== undefined) bits[row >>> 3] = (bits[row >>> 3] as number) | (1 << (row & 7));
    }
    this.written = true;
  }

  protected abstract putValue(row: number, cell: unknown): void;
  protected abstract putNull(row: number): void;

  /** @internal Bytes of each buffer for so many rows. `text` is the room of variable-length values. */
  abstract sizes(rows: number, text: number): number[];
  /** @internal Bytes of each buffer that hold something: what growing must move. */
  abstract used(): number[];
  /** @internal Bytes of each buffer in a batch of so many rows. */
  abstract lengths(rows: number): number[];
  /** @internal Makes a column that was never written one of nulls. */
  protected abstract fillNulls(rows: number): void;

  /** @internal The buffers have moved, and what was in them with them; the views are of the old place. */
  place(regions: readonly Region[]): void {
    this.regions = regions;
    this.forget();
    if (!this.#hasNulls) return;
    const bits = this.view(0);
    bits.fill(0xff, this.#validity?.byteLength ?? 0);
    this.#validity = bits;
  }

  /** @internal Nothing is written, and there is no chunk. */
  clear(): void {
    this.forget();
    this.written = false;
    this.#hasNulls = false;
    this.#validity = undefined;
  }

  /** Drops cached views of the chunk. */
  protected abstract forget(): void;

  /** @internal Checks the column, and gives the number of its nulls. */
  finish(rows: number): number {
    if (!this.written && rows > 0) {
      if (!this.nullable) throw this.refused(`nothing in ${rows} rows`);
      this.validity.fill(0);
      this.fillNulls(rows);
    }
    return this.#validity === undefined ? 0 : rows - util.popcnt_bit_range(this.#validity, 0, rows);
  }

  protected bitmapBytes(rows: number): number {
    return this.nullable ? (rows + 7) >>> 3 : 0;
  }

  protected get bitmapUsed(): number {
    return this.#validity?.byteLength ?? 0;
  }

  /** The chunk's bytes of one buffer. */
  protected view(index: number): Uint8Array {
    const bytes = this.chunk.open();
    const { at, room } = this.regions[index] as Region;
    return bytes.subarray(at, at + room);
  }

  protected refused(what: string): ArrowPayloadError {
    return refusal(this, what);
  }
}
