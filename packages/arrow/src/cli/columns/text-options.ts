// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Alloc } from '../../file/index.js';
import type { ColumnType } from './column-type.js';

/** What readers of text have in common. */
export interface TextOptions {
  /**
   * The most rows of a batch; 10,000 unless given. A batch also ends early, at 32 MiB of text, or at
   * 4,194,304 values in all its columns, those that are missing included.
   */
  readonly batchRows?: number | undefined;
  /**
   * How many rows decide the types, at least; those of the first batch unless given. They are waited for and kept: more than
   * a batch of them suits a file, not a pipe that brings a row a second.
   */
  readonly inferRows?: number | undefined;
  /** Types by column name, for the columns whose first rows would mislead. */
  readonly types?: ReadonlyMap<string, ColumnType> | undefined;
  /** The columns wanted, in this order; all unless given. */
  readonly columns?: readonly string[] | undefined;
  /**
   * Where columns are built: zeroed memory, 64 bytes aligned. JavaScript's unless given; the caller owns what it gives, and a
   * batch's memory is not needed by the reader any more once the batch was yielded.
   */
  readonly alloc?: Alloc | undefined;
}
