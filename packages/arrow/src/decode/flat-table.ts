// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../errors.js';

/** Strings and tables that share bytes may be read this many times over; no writer comes near it. */
const SHARING_FACTOR = 2;
/** What a table that was referred to costs at least: its reference, its own first word, and what it is here for. */
const TABLE_BYTES = 16;
const decoder = new TextDecoder();

/**
 * A table of a FlatBuffer that nobody has verified (FlatBuffers "Internals"): every read is checked against the bytes,
 * each number is read once, and what is read in total stays proportional to their length. Memory that another process
 * changes meanwhile gives other values, never a read outside.
 *
 * Absent fields have the schema's default, as the format says. Every method throws `ARROW_INVALID` on bad bytes.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;
  readonly #budget: { left: number };

  private constructor(view: DataView, at: number, budget: { left: number }) {
    this.#view = view;
    this.#at = at;
    this.#budget = budget;
    need(view, at, 4);
    this.#vtable = at - view.getInt32(at, true);
    need(view, this.#vtable, 4);
    this.#vtableBytes = view.getUint16(this.#vtable, true);
    need(view, this.#vtable, this.#vtableBytes);
  }

  /** The root table of a FlatBuffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    need(view, 0, 4);
    return new FlatTable(view, view.getUint32(0, true), { left: bytes.byteLength * SHARING_FACTOR });
  }

  bool(slot: number): boolean {
    return this.uint8(slot) !== 0;
  }

  uint8(slot: number): number {
    const at = this.#field(slot, 1);
    return at === 0 ? 0 : this.#view.getUint8(at);
  }

  int16(slot: number, absent = 0): number {
    const at = this.#field(slot, 2);
    return at === 0 ? absent : this.#view.getInt16(at, true);
  }

  int32(slot: number, absent = 0): number {
    const at = this.#field(slot, 4);
    return at === 0 ? absent : this.#view.getInt32(at, true);
  }

  /** A 64-bit integer that must be exact as a number. */
  int64(slot: number): number {
    const at = this.#field(slot, 8);
    return at === 0 ? 0 : int64(this.#view, at);
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#field(slot, 4);
    if (at === 0) return undefined;
    this.#charge(TABLE_BYTES);
    return this.#follow(at);
  }

  string(slot: number): string | undefined {
    const at = this.#field(slot, 4);
    if (at === 0) return undefined;
    const start = at + this.#view.getUint32(at, true);
    need(this.#view, start, 4);
    const length = this.#view.getUint32(start, true);
    need(this.#view, start + 4, length);
    this.#charge(length + 4);
    return decoder.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + start + 4, length));
  }

  /**
   * A vector of tables; an absent one is empty.
   *
   * @param admit is asked, before one of them is made, whether there may be so many: it throws if not.
   */
  tables(slot: number, admit?: (length: number) => void): FlatTable[] {
    const { start, length } = this.#vector(slot, 4);
    admit?.(length);
    // Before one of them is made.
    this.#charge(length * TABLE_BYTES);
    return Array.from({ length }, (_, index) => this.#follow(start + index * 4));
  }

  /** A vector of structs, or of integers, of `bytesEach` bytes; an absent one is empty. */
  structs(slot: number, bytesEach: number): FlatStructs {
    const { start, length } = this.#vector(slot, bytesEach);
    return new FlatStructs(this.#view, start, length, bytesEach);
  }

  #follow(at: number): FlatTable {
    need(this.#view, at, 4);
    return new FlatTable(this.#view, at + this.#view.getUint32(at, true), this.#budget);
  }

  #vector(slot: number, bytesEach: number): { start: number; length: number } {
    const at = this.#field(slot, 4);
    if (at === 0) return { start: 0, length: 0 };
    const start = at + this.#view.getUint32(at, true);
    need(this.#view, start, 4);
    const length = this.#view.getUint32(start, true);
    need(this.#view, start + 4, length * bytesEach);
    return { start: start + 4, length };
  }

  /** Where the field in `slot` is, or 0 when it is absent: no field can be at 0, the root offset is there. */
  #field(slot: number, bytes: number): number {
    const entry = 4 + slot * 2;
    if (entry + 2 > this.#vtableBytes) return 0;
    const offset = this.#view.getUint16(this.#vtable + entry, true);
    if (offset === 0) return 0;
    need(this.#view, this.#at + offset, bytes);
    return this.#at + offset;
  }

  #charge(bytes: number): void {
    this.#budget.left -= bytes;
    if (this.#budget.left < 0) throw invalid('the metadata refers to the same bytes too often');
  }
}

/** Structs that follow each other in a FlatBuffer; bounds were checked when the vector was found. */
export class FlatStructs {
  readonly length: number;
  readonly #view: DataView;
  readonly #start: number;
  readonly #bytesEach: number;

  constructor(view: DataView, start: number, length: number, bytesEach: number) {
    this.#view = view;
    this.#start = start;
    this.length = length;
    this.#bytesEach = bytesEach;
  }

  /** The 32-bit integer `offset` bytes into struct `index`. */
  int32(index: number, offset: number): number {
    return this.#view.getInt32(this.#start + index * this.#bytesEach + offset, true);
  }

  /** The 64-bit integer `offset` bytes into struct `index`, which must be exact as a number. */
  int64(index: number, offset: number): number {
    return int64(this.#view, this.#start + index * this.#bytesEach + offset);
  }
}

function int64(view: DataView, at: number): number {
  const value = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  if (!Number.isSafeInteger(value)) throw invalid(`the metadata has a number beyond 2^53`);
  return value;
}

function need(view: DataView, at: number, bytes: number): void {
  if (at < 0 || at + bytes > view.byteLength) throw invalid('the metadata points outside itself');
}
