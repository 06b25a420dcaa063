// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Bool, DataType, Field } from 'apache-arrow';
import { strideForType } from 'apache-arrow/type';
import { widthOf } from '../types.js';
import { type Store, storeOf } from './cells.js';
import { ColumnWriter, type Region } from './column-writer.js';
import { told } from './refusal.js';
import type { TableChunk } from './table-chunk.js';

/** A column of values that all have the same number of bytes. */
export class FixedColumn<D extends DataType = DataType> extends ColumnWriter<D> {
  readonly #store: Store;
  readonly #words: number;
  readonly #width: number;
  #values: D['TArray'] | undefined;

  /** @internal */
  constructor(field: Field<D>, chunk: TableChunk) {
    super(field, chunk);
    this.#store = storeOf(field.type, field.name);
    this.#words = strideForType(field.type);
    this.#width = widthOf(field.type);
  }

  /**
   * The values themselves, of as many rows as the builder has room for: in the chunk, as Arrow lays them out. A value of
   * decimals, intervals and fixed-size binary takes several elements; halves are their 16 bits. What was never written is
   * undefined.
   *
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`, when the builder has no chunk yet and gets none.
   */
  get values(): D['TArray'] {
    const values = this.#open();
    this.written = true;
    return values;
  }

  #open(): D['TArray'] {
    if (this.#values === undefined) {
      const { buffer, byteOffset } = this.view(1);
      this.#values = new this.type.ArrayType(buffer, byteOffset, this.chunk.rows * this.#words);
    }
    return this.#values;
  }

  protected override putValue(row: number, cell: unknown): void {
    if (!this.#store(this.#open() as never, row, cell)) throw this.refused(told(cell));
  }

  /** Nobody reads it; zeros, so that nothing of an earlier message is sent. */
  protected override putNull(row: number): void {
    this.#open().fill(this.#zero, row * this.#words, (row + 1) * this.#words);
  }

  get #zero(): 0 | 0n {
    const { ArrayType } = this.type;
    return (ArrayType as unknown) === BigInt64Array || (ArrayType as unknown) === BigUint64Array ? 0n : 0;
  }

  override sizes(rows: number): number[] {
    return [this.bitmapBytes(rows), rows * this.#width];
  }

  override used(): number[] {
    return [this.bitmapUsed, this.written ? this.chunk.rows * this.#width : 0];
  }

  override lengths(rows: number): number[] {
    return [this.bitmapBytes(rows), rows * this.#width];
  }

  protected override fillNulls(rows: number): void {
    this.#open().fill(this.#zero, 0, rows * this.#words);
  }

  protected override forget(): void {
    this.#values = undefined;
  }
}

/** A column of bits. */
export class BoolColumn extends ColumnWriter<Bool> {
  #values: Uint8Array | undefined;

  /**
   * The bits themselves, the lowest of a byte first, of as many rows as the builder has room for. What was never written is
   * undefined.
   *
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`, when the builder has no chunk yet and gets none.
   */
  get values(): Uint8Array {
    const values = this.#open();
    this.written = true;
    return values;
  }

  #open(): Uint8Array {
    this.#values ??= this.view(1);
    return this.#values;
  }

  protected override putValue(row: number, cell: unknown): void {
    if (typeof cell !== 'boolean') throw this.refused(told(cell));
    const bits = this.#open();
    const bit = 1 << (row & 7);
    bits[row >>> 3] = cell ? (bits[row >>> 3] as number) | bit : (bits[row >>> 3] as number) & ~bit;
  }

  protected override putNull(row: number): void {
    this.putValue(row, false);
  }

  override sizes(rows: number): number[] {
    return [this.bitmapBytes(rows), (rows + 7) >>> 3];
  }

  override used(): number[] {
    return [this.bitmapUsed, this.written ? (this.regions[1] as Region).room : 0];
  }

  override lengths(rows: number): number[] {
    return this.sizes(rows);
  }

  protected override fillNulls(rows: number): void {
    this.#open().fill(0, 0, (rows + 7) >>> 3);
  }

  protected override forget(): void {
    this.#values = undefined;
  }
}
