// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '@zenoh-segments/core';
import { type RecordBatch, type Schema, Table, type TypeMap } from 'apache-arrow';
import { after } from '../after.js';
import { makeBatch } from '../decode/payload-reader.js';
import { sameSchema } from '../same-type.js';
import { keptBytes } from './kept-bytes.js';
import { checkPositive } from './positive.js';
import type { TableSample } from './table-sample.js';
import { widened } from './widened.js';

/** How much goes into one table. It ends with whatever comes first. */
export interface TableWindow {
  /** Record batches. A sample goes in whole, so that there may be more. */
  readonly batches?: number | undefined;
  /** Rows, as batches. */
  readonly rows?: number | undefined;
  /** Milliseconds from the call on. */
  readonly ms?: number | undefined;
  /** Bytes that the table keeps, decompressed ones included: 256 MiB unless given. The sample that goes beyond goes in whole. */
  readonly bytes?: number | undefined;
}

const DEFAULT_BYTES = 256 * 2 ** 20;

/** Where a window takes samples from. */
export interface WindowSource<T extends TypeMap> {
  /** The next sample; undefined at the end. */
  claim(): Promise<TableSample<T> | undefined>;
  /** Gives one back that was claimed and not used; it comes first again. */
  giveBack(claimed: Promise<TableSample<T> | undefined>): void;
}

/** @throws {CoreError} `INVALID_ARGUMENT` */
export function checkWindow(window: number | TableWindow): TableWindow {
  const checked: TableWindow = typeof window === 'number' ? { batches: window } : window;
  checkPositive(checked, 'a window');
  const { batches, rows, ms } = checked;
  if (batches !== undefined || rows !== undefined || ms !== undefined) return checked;
  throw new CoreError('INVALID_ARGUMENT', 'a window needs batches, rows or ms');
}

/** Gathers samples of one schema into a table, see `TableSubscriber.toTable`. */
export async function gather<T extends TypeMap>(
  { batches = Infinity, rows = Infinity, ms, bytes = DEFAULT_BYTES }: TableWindow,
  source: WindowSource<T>,
): Promise<Table<T>> {
  const gathered: RecordBatch<T>[] = [];
  const size = { rows: 0, bytes: 0 };
  let schema: Schema<T> | undefined;
  const clock = new Clock(ms);
  try {
    while (gathered.length < batches && size.rows < rows && size.bytes < bytes) {
      const claimed = source.claim();
      const item = await Promise.race([claimed, clock.ended]);
      if (item === TIME) {
        source.giveBack(claimed);
        break;
      }
      if (item === undefined) {
        if (schema === undefined) throw new CoreError('RECEIVER_CLOSED', 'nothing more will come');
        break;
      }
      if (schema !== undefined && !continues(item, schema)) {
        source.giveBack(Promise.resolve(item));
        break;
      }
      schema = schema === undefined ? item.schema : widened(schema, item.schema);
      for (const batch of item.batches) {
        gathered.push(batch);
        size.rows += batch.numRows;
      }
      // Opened by now, so that what was decompressed is counted.
      size.bytes += keptBytes(item.sample.payload());
    }
  } finally {
    clock.stop();
  }
  return schema === undefined ? (new Table() as unknown as Table<T>) : tableOf(schema, gathered);
}

/**
 * Batches of the same columns in one table. A table takes none whose schema differs at all, in the id of a dictionary or in
 * what may be null: those go under the schema of all, over the same memory.
 */
function tableOf<T extends TypeMap>(schema: Schema<T>, batches: readonly RecordBatch<T>[]): Table<T> {
  const under = batches.map((batch) =>
    batch.schema === schema ? batch : makeBatch(schema, batch.data, batch.metadata),
  );
  return new Table(schema, under as RecordBatch<T>[]);
}

/** What can't be opened does not: it comes first in the next window, which then tells. */
function continues<T extends TypeMap>(item: TableSample<T>, schema: Schema<T>): boolean {
  try {
    return sameSchema(schema, item.schema);
  } catch {
    return false;
  }
}

const TIME = Symbol('time');

/** The time of a window; without a limit it never ends. */
class Clock {
  readonly ended: Promise<typeof TIME>;
  stop = () => {};

  constructor(ms: number | undefined) {
    this.ended = new Promise((resolve) => {
      if (ms !== undefined) this.stop = after(ms, () => resolve(TIME));
    });
  }
}
