// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Allocator,
  type NativeBuffer,
  type ShmAllocAsyncOptions,
  ZBytes,
  type ZenohError,
} from '@zenoh-segments/core';
import {
  type Binary,
  type Bool,
  type DataType,
  type Field,
  type Schema,
  Type,
  type TypeMap,
  type Utf8,
} from 'apache-arrow';
import { checkOrigin } from '../encode/assemble.js';
import { schemaHead } from '../encode/message.js';
import { ArrowPayloadError } from '../errors.js';
import { padded } from '../wire.js';
import { BatchOutline } from './batch-outline.js';
import type { Cell } from './cells.js';
import type { ColumnWriter, Region } from './column-writer.js';
import { BoolColumn, FixedColumn } from './fixed-column.js';
import { MOST, TableChunk } from './table-chunk.js';
import { TextColumn } from './text-column.js';

/** Options of {@link ShmTableBuilder}. */
export interface ShmTableBuilderOptions {
  /** The rows that there is room for at first; positive. */
  readonly rows: number;
  /**
   * Bytes that the values of each column of texts or binary values have room for at first, or of each by its name; 16 for
   * each row unless given.
   */
  readonly utf8Bytes?: number | Readonly<Record<string, number>>;
}

/** Where a table's chunk comes from: `ShmProvider`, which can also wait for room; `heap`, or an allocator of the user's own. */
export interface TableAllocator extends Allocator {
  allocAsync?(size: number, options?: ShmAllocAsyncOptions): Promise<NativeBuffer>;
}

/** The writer of a column of a type. */
export type ColumnWriterOf<D extends DataType> = D extends Bool
  ? BoolColumn
  : D extends Utf8 | Binary
    ? TextColumn<D>
    : FixedColumn<D>;

/** What {@link ShmTableBuilder.append} takes: a cell for each column by its name. */
export type TableRow<T extends TypeMap> = { readonly [K in keyof T]?: Cell<T[K]> | null | undefined };

const TEXT_BYTES_PER_ROW = 16;

/**
 * Builds record batches where they are sent from: in one chunk of an allocator, for each batch its own.
 *
 * ```ts
 * const builder = new ShmTableBuilder(new ShmProvider({ size: 64 * 2 ** 20 }), schema, { rows: 100_000 });
 * for (;;) {
 *   fill(builder.column('x').values); // a Float64Array in shared memory
 *   await publisher.put(builder.finish(100_000));
 *   builder.reset();
 * }
 * ```
 *
 * The chunk holds a whole self-contained IPC stream: the schema, the batch's message, and each buffer at a multiple of 64
 * bytes. From a `ShmProvider` it reaches another process on the machine by one descriptor, and no byte is copied at either
 * end. With `heap`, the payload's parts are the same memory, by reference; what was not used is left out.
 *
 * Columns are of fixed width (integers, floats, bool, dates, times, timestamps, durations, intervals, decimals, fixed-size
 * binary), utf8 or binary. A column that nothing was written to is null in all rows.
 *
 * Room is taken for the rows that were announced. When more come, or longer texts, everything moves into a chunk of twice
 * the size, counted as `convert` in the payload's ledger: announce enough. While it moves, both are taken from the pool.
 * From shared memory, unused room at the end of each buffer is part of the payload: between processes of the machine that
 * costs nothing, to another machine it is sent. It holds what the pool's chunks held before.
 *
 * | code | when |
 * |---|---|
 * | `ARROW_VALUE` | a value that its column can't hold; a column left without values that has no nulls; a number of rows or bytes that can't be |
 * | `ARROW_COLUMN` | a name that no column has, or several |
 * | `ARROW_FINISHED` | writing, or finishing, what was finished and not reset |
 * | `ARROW_INVALID` | offsets, written in bulk, that fall |
 * | `ARROW_UNSUPPORTED_TYPE` | other columns; the constructor throws it, by the type's name |
 * | the allocator's, such as `SHM_EXHAUSTED` | no room in the pool, when the chunk is first needed or when it grows: nothing that was written is lost, the same call may be made again |
 */
// biome-ignore lint/suspicious/noExplicitAny: as apache-arrow's own types default
export class ShmTableBuilder<T extends TypeMap = any> implements Disposable {
  readonly schema: Schema<T>;
  readonly #allocator: TableAllocator;
  readonly #chunk: TableChunk;
  /** Of the batch's message: known before the batch is. */
  readonly #messageBytes: number;
  readonly #outline: BatchOutline;
  readonly #columns: readonly ColumnWriter[];
  /** Undefined for a name that several columns have. */
  readonly #byName = new Map<string, ColumnWriter | undefined>();
  #rows = 0;

  /**
   * Takes no memory yet: the first value does, or {@link ready}.
   *
   * @param allocator kept, with everything it needs; its memory starts at a multiple of 8, or of 64 for readers that want it.
   * @throws {ArrowPayloadError} `ARROW_VALUE`, `ARROW_UNSUPPORTED_TYPE`, `ARROW_INVALID` for a schema of another copy of
   * apache-arrow.
   */
  constructor(allocator: TableAllocator, schema: Schema<T>, options: ShmTableBuilderOptions) {
    this.schema = schema;
    this.#allocator = allocator;
    checkOrigin(schema);
    const head = schemaHead(schema);
    const buffers = schema.fields.reduce((sum, { type }) => sum + (isText(type) ? 3 : 2), 0);
    this.#outline = new BatchOutline(schema.fields.length, buffers);
    this.#messageBytes = this.#outline.message(0, 0).byteLength;
    this.#chunk = new TableChunk(allocator, head, this.#messageBytes);
    this.#columns = schema.fields.map((field) => columnOf(field, this.#chunk));
    for (const column of this.#columns) {
      this.#byName.set(column.name, this.#byName.has(column.name) ? undefined : column);
    }
    const rows = size('rows', options.rows, 1);
    const text = this.#columns.map((column) => [column, roomFor(column, rows, options.utf8Bytes)] as const);
    this.#chunk.prepare(rows, new Map(text));
  }

  /** The rows that there is room for. */
  get capacity(): number {
    return this.#chunk.rows;
  }

  /** The rows that {@link append} added since the builder was reset. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes of the chunk that is in use, or that will be asked for. */
  get chunkBytes(): number {
    return this.#chunk.byteLength;
  }

  /**
   * The writer of a column, the same one for as long as the builder lives.
   *
   * @param name a name, or the column's index.
   * @throws {ArrowPayloadError} `ARROW_COLUMN`
   */
  column<K extends keyof T & string>(name: K): ColumnWriterOf<T[K]>;
  column(index: number): ColumnWriterOf<T[keyof T]>;
  column(which: string | number): unknown {
    const column = typeof which === 'number' ? this.#columns[which] : this.#byName.get(which);
    if (column === undefined) throw this.#noColumn(which);
    return column;
  }

  /**
   * Adds a row: a cell for each column by its name. What is missing, or undefined, is null. A row that is refused leaves
   * the builder as it was.
   *
   * @throws {ArrowPayloadError} `ARROW_VALUE`, `ARROW_COLUMN` for a cell of no column, `ARROW_FINISHED`.
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`.
   */
  append(row: TableRow<T>): void {
    for (const name in row) if (this.#byName.get(name) === undefined) throw this.#noColumn(name);
    // A getter of the row may call this builder: all are asked before anything is written.
    const cells = this.#columns.map(({ name }) => cellOf(row, name));
    const at = this.#rows;
    this.#chunk.need(at + 1);
    for (let index = 0; index < cells.length; index++) this.#columns[index]?.put(at, cells[index]);
    this.#rows = at + 1;
  }

  /**
   * Makes room for so many rows in all, for who writes `values` in bulk; a larger chunk is taken now. Typed arrays of the columns must be asked for anew
   * when {@link capacity} was less.
   *
   * @throws {ArrowPayloadError} `ARROW_VALUE`, `ARROW_FINISHED`.
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`: the builder is as it was.
   */
  reserve(rows: number): void {
    this.#chunk.need(0);
    if (size('rows', rows, 0) > this.capacity) this.#chunk.grow(rows);
  }

  /**
   * Takes the chunk now; while the pool has no room for it, it waits. Without it, the first value takes the chunk, or throws
   * `SHM_EXHAUSTED`.
   *
   * @param options as of `ShmProvider.allocAsync`; ignored for allocators that can't wait.
   * @throws an error of the allocator: `SHM_EXHAUSTED` after `timeout`, `CANCELLED` by the signal.
   */
  async ready(options?: ShmAllocAsyncOptions): Promise<void> {
    try {
      this.#chunk.open();
    } catch (error) {
      const full = (error as Partial<ZenohError>).code === 'SHM_EXHAUSTED';
      if (!full || this.#allocator.allocAsync === undefined) throw error;
      this.#chunk.adopt(await this.#allocator.allocAsync(this.#chunk.byteLength, options));
    }
  }

  /**
   * The batch as a payload: views of the chunk, which no byte was copied for. Put it, then {@link reset} the builder: until
   * then nothing can be written.
   *
   * @param rows the first so many rows; those that {@link append} added unless given.
   * @throws {ArrowPayloadError} `ARROW_VALUE`, `ARROW_INVALID`, `ARROW_FINISHED`: the builder is as it was, and can be
   * finished when that was mended.
   * @throws an error of the allocator, such as `SHM_EXHAUSTED`.
   */
  finish(rows: number = this.#rows): ZBytes {
    this.#chunk.need(0);
    if (size('rows', rows, 0) > this.capacity) {
      throw new ArrowPayloadError('ARROW_VALUE', `${rows} rows where there is room for ${this.capacity}`);
    }
    const bytes = this.#chunk.open();
    const { bodyAt, isShared } = this.#chunk;
    /** Pieces of the chunk, from and to in turn, that are sent. */
    const pieces = [0, bodyAt];
    let end = bodyAt;
    let buffer = 0;
    for (let index = 0; index < this.#columns.length; index++) {
      const column = this.#columns[index] as ColumnWriter;
      const nulls = column.finish(rows);
      this.#outline.column(index, nulls);
      const lengths = column.lengths(rows);
      if (nulls === 0) lengths[0] = 0;
      for (let i = 0; i < column.regions.length; i++) {
        const { at } = column.regions[i] as Region;
        const length = lengths[i] as number;
        if (isShared) end = at;
        this.#outline.buffer(buffer++, end - bodyAt, length);
        end += padded(length);
        if (isShared) continue;
        if (at === pieces.at(-1)) pieces[pieces.length - 1] = at + padded(length);
        else if (length > 0) pieces.push(at, at + padded(length));
      }
    }
    bytes.set(this.#outline.message(rows, end - bodyAt), bodyAt - this.#messageBytes);
    this.#chunk.sealed = true;
    // From shared memory it is one piece, as only that has a descriptor.
    const parts = isShared ? [bytes.subarray(0, end)] : pairs(pieces, (from, to) => bytes.subarray(from, to));
    const payload = ZBytes.fromSegments(parts);
    this.#chunk.moved.attach(payload.ledger);
    return payload;
  }

  /**
   * Begins a new batch, in a chunk that is taken when it is needed; as large as the builder has grown. The old chunk goes
   * back to the pool as soon as zenoh and all receivers let go of it, and its views here have length 0 from now on: call it
   * after `put` has resolved.
   */
  reset(): void {
    this.#chunk.drop();
    this.#rows = 0;
  }

  /** Gives the chunk back, as {@link reset}. */
  [Symbol.dispose](): void {
    this.reset();
  }

  #noColumn(which: string | number): ArrowPayloadError {
    const name = String(which);
    if (this.#byName.has(name)) {
      return new ArrowPayloadError('ARROW_COLUMN', `several columns are named '${name}': use their index`);
    }
    const names = this.#columns.map((column) => column.name).join(', ');
    return new ArrowPayloadError('ARROW_COLUMN', `there is no column '${name}'; there are ${names || 'none'}`);
  }
}

/** What every object inherits is no cell; what a row has of its class is one. */
function cellOf(row: object, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(row, name) ? undefined : (row as Record<string, unknown>)[name];
}

function isText(type: DataType): boolean {
  return type.typeId === Type.Utf8 || type.typeId === Type.Binary;
}

function columnOf(field: Field, chunk: TableChunk): ColumnWriter {
  if (isText(field.type)) return new TextColumn(field, chunk);
  return field.type.typeId === Type.Bool ? new BoolColumn(field, chunk) : new FixedColumn(field, chunk);
}

function roomFor({ name, type }: ColumnWriter, rows: number, bytes: ShmTableBuilderOptions['utf8Bytes']): number {
  if (!isText(type)) return 0;
  const given = typeof bytes === 'object' ? bytes[name] : bytes;
  return size('utf8Bytes', given ?? rows * TEXT_BYTES_PER_ROW, 0);
}

function size(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= MOST) return value;
  throw new ArrowPayloadError('ARROW_VALUE', `${name} must be a whole number from ${least} to 2^31, not ${value}`);
}

function pairs<R>(numbers: readonly number[], make: (from: number, to: number) => R): R[] {
  return Array.from({ length: numbers.length / 2 }, (_, i) =>
    make(numbers[2 * i] as number, numbers[2 * i + 1] as number),
  );
}
