// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Allocator, Ledger, type NativeBuffer } from '@zenoh-segments/core';
import { ArrowPayloadError } from '../errors.js';
import { padded } from '../wire.js';
import type { ColumnWriter, Region } from './column-writer.js';

/** Rows of a batch, and bytes of a column of texts: offsets have 32 bits, and there is one more of them than there are rows. */
export const MOST = 0x7fff_fffe;

/** Where everything is in a chunk. */
interface Plan {
  readonly rows: number;
  /** Bytes that each column has room for, when its values differ in length. */
  readonly text: ReadonlyMap<ColumnWriter, number>;
  readonly regions: ReadonlyMap<ColumnWriter, readonly Region[]>;
  readonly byteLength: number;
}

/**
 * The one chunk that a builder writes to: room for the two messages, then each column's buffers at multiples of 64 bytes,
 * each as long as the rows that there is room for may need.
 *
 * It is allocated when it is first needed, or needed larger than was planned. When it gets too small, everything moves into a larger one, and the old one is
 * given back: those bytes are counted as `convert`. Whatever fails leaves everything as it was.
 */
export class TableChunk {
  /** What was moved since the chunk was dropped. */
  moved = new Ledger();
  /** A payload was made of it: nothing may be written any more. */
  sealed = false;
  #memory: NativeBuffer | undefined;
  #plan: Plan;
  readonly #allocator: Allocator;
  readonly #head: Uint8Array;
  readonly #bodyAt: number;

  /** @param head the schema message. @param messageBytes those of the batch's message, which follows it. */
  constructor(allocator: Allocator, head: Uint8Array, messageBytes: number) {
    this.#allocator = allocator;
    this.#head = head;
    this.#bodyAt = head.byteLength + messageBytes;
    this.#plan = { rows: 0, text: new Map(), regions: new Map(), byteLength: this.#bodyAt };
  }

  /** The rows that there is room for. */
  get rows(): number {
    return this.#plan.rows;
  }

  get byteLength(): number {
    return this.#plan.byteLength;
  }

  /** Where the body starts; the batch's message ends there. */
  get bodyAt(): number {
    return this.#bodyAt;
  }

  get isShared(): boolean {
    return this.#memory?.kind === 'shm';
  }

  /** The chunk's bytes; allocated now when there is none. */
  open(): Uint8Array {
    if (this.#memory === undefined) this.adopt(this.#allocator.alloc(this.#plan.byteLength));
    return (this.#memory as NativeBuffer).bytes;
  }

  /** Takes memory that was allocated elsewhere; one too many is given back. */
  adopt(memory: NativeBuffer): void {
    if (this.#memory !== undefined || memory.size < this.#plan.byteLength) memory[Symbol.dispose]();
    else this.#memory = this.#begin(memory);
  }

  /** Sets the rooms of a chunk that was not allocated yet. */
  prepare(rows: number, text: ReadonlyMap<ColumnWriter, number>): void {
    this.#settle(this.#planOf(rows, text));
  }

  /** Makes room for rows: at least as many again as there were. */
  need(rows: number): void {
    if (this.sealed) throw new ArrowPayloadError('ARROW_FINISHED', 'the builder was finished: reset it');
    if (rows > MOST) throw new ArrowPayloadError('ARROW_VALUE', `a batch of ${rows} rows: it can have ${MOST}`);
    if (rows > this.rows) this.grow(Math.min(Math.max(rows, 2 * this.rows), MOST));
  }

  /** Makes room for so many rows; that of texts grows as much. */
  grow(rows: number): void {
    const { rows: before, text } = this.#plan;
    const scaled = [...text].map(
      ([column, bytes]) => [column, Math.min(Math.ceil((bytes * rows) / before), MOST)] as const,
    );
    this.#moveTo(this.#planOf(rows, new Map(scaled)));
  }

  /** Makes room for the values of one column of texts. */
  growText(column: ColumnWriter, bytes: number): void {
    this.#moveTo(this.#planOf(this.rows, new Map(this.#plan.text).set(column, bytes)));
  }

  /** Gives the chunk back. */
  drop(): void {
    this.#memory?.[Symbol.dispose]();
    this.#memory = undefined;
    this.moved = new Ledger();
    this.sealed = false;
    for (const column of this.#plan.regions.keys()) column.clear();
  }

  #begin(memory: NativeBuffer): NativeBuffer {
    const { byteOffset } = memory.bytes;
    if (byteOffset % 8 !== 0) {
      memory[Symbol.dispose]();
      throw new ArrowPayloadError('ARROW_TARGET', `memory must start at a multiple of 8, not at ${byteOffset}`);
    }
    memory.bytes.set(this.#head);
    return memory;
  }

  #planOf(rows: number, text: ReadonlyMap<ColumnWriter, number>): Plan {
    const regions = new Map<ColumnWriter, readonly Region[]>();
    let at = this.#bodyAt;
    for (const [column, bytes] of text) {
      const own: Region[] = [];
      for (const room of column.sizes(rows, bytes)) {
        own.push({ at, room });
        at += padded(room);
      }
      regions.set(column, own);
    }
    return { rows, text, regions, byteLength: at };
  }

  #moveTo(plan: Plan): void {
    const old = this.#memory;
    // Also where there is nothing to move: a plan that no memory can be had for would fail whatever comes later.
    const memory = this.#begin(this.#allocator.alloc(plan.byteLength));
    for (const [column, regions] of old === undefined ? [] : this.#plan.regions) {
      const used = column.used();
      regions.forEach(({ at }, index) => {
        const bytes = used[index] as number;
        memory.bytes.set((old as NativeBuffer).bytes.subarray(at, at + bytes), plan.regions.get(column)?.[index]?.at);
        this.moved.count('convert', bytes);
      });
    }
    this.#memory = memory;
    this.#settle(plan);
    old?.[Symbol.dispose]();
  }

  #settle(plan: Plan): void {
    this.#plan = plan;
    for (const [column, regions] of plan.regions) column.place(regions);
  }
}
