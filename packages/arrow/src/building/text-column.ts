// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Binary, type Field, Type, type Utf8 } from 'apache-arrow';
import { checkOffsets } from '../decode/validate/offsets.js';
import type { Cell } from './cells.js';
import { ColumnWriter, type Region } from './column-writer.js';
import { told } from './refusal.js';
import { MOST, type TableChunk } from './table-chunk.js';

/** Up to here a loop is faster than a call of the encoder. */
const SHORT = 32;

const encoder = new TextEncoder();

/**
 * A column of texts or of binary values: offsets, and the bytes of all values one after the other.
 *
 * Row by row it is written in order, from row 0 on. In bulk, `offsets` and `values` are written as Arrow lays them out, and
 * `finish` is told the number of rows.
 */
export class TextColumn<D extends Utf8 | Binary = Utf8 | Binary> extends ColumnWriter<D> {
  readonly #isText: boolean;
  #length = 0;
  #end = 0;
  #bulk = false;
  #offsets: Int32Array | undefined;
  #values: Uint8Array | undefined;

  /** @internal */
  constructor(field: Field<D>, chunk: TableChunk) {
    super(field, chunk);
    this.#isText = field.type.typeId === Type.Utf8;
  }

  /** How many rows were written one by one. */
  get length(): number {
    return this.#length;
  }

  /**
   * Where each value starts, and the last one ends: one more than the builder has room for rows. To be written from 0 on,
   * never falling.
   *
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`, when the builder has no chunk yet and gets none.
   */
  get offsets(): Int32Array {
    const offsets = this.#openOffsets();
    this.#bulk = this.written = true;
    return offsets;
  }

  /**
   * The bytes of the values, as many as there is room for; texts are UTF-8.
   *
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`, when the builder has no chunk yet and gets none.
   */
  get values(): Uint8Array {
    const values = this.#openValues();
    this.#bulk = this.written = true;
    return values;
  }

  /** Writes the next row, as `set(length, cell)` does. */
  append(cell: Cell<D> | null): void {
    this.set(this.#length, cell);
  }

  protected override putValue(row: number, cell: unknown): void {
    const start = this.#startOf(row);
    if (this.#isText && typeof cell === 'string') this.#ends(row, this.#writeText(start, cell));
    else if (!this.#isText && cell instanceof Uint8Array) this.#ends(row, this.#writeBytes(start, cell));
    else throw this.refused(told(cell));
  }

  protected override putNull(row: number): void {
    this.#ends(row, this.#startOf(row));
  }

  /** What a failed row left behind is written over. */
  #startOf(row: number): number {
    if (row === this.#length) return this.#end;
    if (row > this.#length) throw this.refused(`row ${row} before row ${this.#length}: they are written in order`);
    return this.#openOffsets()[row] as number;
  }

  #ends(row: number, end: number): void {
    this.#openOffsets()[row + 1] = end;
    this.#length = row + 1;
    this.#end = end;
  }

  #writeText(start: number, text: string): number {
    if (text.length <= SHORT && writeAscii(this.#openValues(), start, text)) return start + text.length;
    for (;;) {
      const { read, written } = encoder.encodeInto(text, this.#openValues().subarray(start));
      if (read === text.length) return start + written;
      this.#grow(start + written + 3 * (text.length - read));
    }
  }

  #writeBytes(start: number, bytes: Uint8Array): number {
    const end = start + bytes.byteLength;
    if (end > this.#openValues().byteLength) this.#grow(end);
    this.#openValues().set(bytes, start);
    return end;
  }

  #grow(needed: number): void {
    if (needed > MOST) throw this.refused(`${needed} bytes in all`);
    const { room } = this.regions[2] as Region;
    this.chunk.growText(this, Math.min(Math.max(needed, 2 * room), MOST));
  }

  #openOffsets(): Int32Array {
    if (this.#offsets === undefined) {
      const { buffer, byteOffset, byteLength } = this.view(1);
      this.#offsets = new Int32Array(buffer, byteOffset, byteLength / 4);
      this.#offsets[0] = 0;
    }
    return this.#offsets;
  }

  #openValues(): Uint8Array {
    this.#values ??= this.view(2);
    return this.#values;
  }

  override sizes(rows: number, text: number): number[] {
    return [this.bitmapBytes(rows), (rows + 1) * 4, text];
  }

  override used(): number[] {
    const [, offsets, values] = this.regions as [Region, Region, Region];
    return this.#bulk
      ? [this.bitmapUsed, offsets.room, values.room]
      : [this.bitmapUsed, (this.#length + 1) * 4, this.#end];
  }

  override lengths(rows: number): number[] {
    return [this.bitmapBytes(rows), (rows + 1) * 4, this.#openOffsets()[rows] as number];
  }

  override finish(rows: number): number {
    const nulls = super.finish(rows);
    if (!this.#bulk && this.#length < rows) throw this.refused(`${this.#length} values in ${rows} rows`);
    if (this.#bulk) {
      const offsets = this.#openOffsets();
      checkOffsets(offsets, rows, this.name);
      const end = offsets[rows] as number;
      const { room } = this.regions[2] as Region;
      if (end > room) throw this.refused(`${end} bytes in room for ${room}`);
    }
    return nulls;
  }

  protected override fillNulls(rows: number): void {
    this.#openOffsets().fill(0, 0, rows + 1);
    this.#length = rows;
    this.#end = 0;
  }

  override clear(): void {
    super.clear();
    this.#length = this.#end = 0;
    this.#bulk = false;
  }

  protected override forget(): void {
    this.#offsets = this.#values = undefined;
  }
}

/** Whether all of the text is ASCII, fits, and was written. */
function writeAscii(values: Uint8Array, start: number, text: string): boolean {
  if (start + text.length > values.length) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    values[start + i] = code;
  }
  return true;
}
