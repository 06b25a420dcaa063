// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { detach } from '../detach.js';
import type { Allocator, AllocOptions, NativeBuffer } from '../native-buffer.js';
import { check } from '../qos.js';

const DEFAULT_ALIGNMENT = 64;
/** What a JavaScript engine aligns an ArrayBuffer to is not told; nobody aligns to less than this. */
const GRANTED_ALIGNMENT = 8;

/** Memory of the JavaScript heap in the place of native memory, for programs that run in Node too. */
class HeapMemory implements NativeBuffer {
  readonly kind = 'heap';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly alignment: number;

  constructor(size: number, alignment: number) {
    this.bytes = new Uint8Array(size);
    this.size = size;
    this.alignment = alignment;
  }

  [Symbol.dispose](): void {
    if (this.bytes.byteLength > 0) detach(this.bytes.buffer);
  }
}

/**
 * Allocates `size` bytes of zeroed memory. There is no native memory where there is no addon: it is an ordinary ArrayBuffer,
 * whose `alignment` is 8 whatever is asked, since a browser tells no addresses.
 *
 * @throws {CoreError} `INVALID_ARGUMENT` for a size of 0, or an alignment that is no power of two
 */
export function alloc(size: number, options: AllocOptions = {}): NativeBuffer {
  const alignment = options.alignment ?? DEFAULT_ALIGNMENT;
  check(Number.isSafeInteger(size) && size > 0, 'size', size);
  check(
    Number.isSafeInteger(alignment) && alignment > 0 && Number.isInteger(Math.log2(alignment)),
    'alignment',
    alignment,
  );
  return new HeapMemory(size, Math.min(alignment, GRANTED_ALIGNMENT));
}

/** {@link alloc} as an {@link Allocator}. */
export const heap: Allocator = { alloc };
