// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';

/** One batch of an input, ready to be put. Its memory may be gone when the next one is asked for. */
export interface InputBatch {
  readonly payload: ZBytes;
  readonly rows: number;
}
