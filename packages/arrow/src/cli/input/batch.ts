// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';

/** How far an input is read: from 0 to 1, or undefined when its size is not known. */
export type Done = number | undefined;

/** One batch of an input, as a payload that can be put. Its memory may be gone when the next one is asked for. */
export interface InputPayload {
  readonly payload: ZBytes;
  readonly rows: number;
  readonly done: Done;
}

/** One batch of an input. Its memory may be gone when the next one is asked for. */
export interface InputBatch {
  readonly batch: RecordBatch;
  /** Whether its columns are in native memory, from where a put does not copy. */
  readonly native: boolean;
  readonly done: Done;
}
