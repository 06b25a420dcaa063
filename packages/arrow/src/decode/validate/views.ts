// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../../errors.js';
import { VIEW_BYTES, VIEW_INLINE_BYTES } from '../../types.js';
import { isValid } from './nulls.js';
import { isUtf8 } from './text.js';

/**
 * Checks what apache-arrow follows blindly: which data buffer a view is of, and where in it.
 *
 * @returns the bytes that all views together lead to; several may share them.
 * @throws {ArrowPayloadError} `ARROW_INVALID` when a view of a value that is not null leads outside the buffers.
 */
export function checkViews(
  views: Uint8Array,
  buffers: readonly Uint8Array[],
  validity: Uint8Array,
  name: string,
): number {
  let viewed = 0;
  const sizes = Float64Array.from(buffers, ({ byteLength }) => byteLength);
  const words = wordsOf(views);
  for (let at = 0; at < views.byteLength; at += VIEW_BYTES) {
    const length = words.getInt32(at, true);
    if (length >= 0 && length <= VIEW_INLINE_BYTES) continue;
    const index = words.getInt32(at + 8, true);
    const offset = words.getInt32(at + 12, true);
    if (
      length > 0 &&
      index >= 0 &&
      index < sizes.length &&
      offset >= 0 &&
      offset + length <= (sizes[index] as number)
    ) {
      viewed += length;
      continue;
    }
    const row = at / VIEW_BYTES;
    if (isValid(validity, row)) throw invalid(`view ${row} leads outside its ${sizes.length} buffers`, name);
  }
  return viewed;
}

/**
 * Checks values against their prefixes and, with `text`, for being UTF-8; {@link checkViews} went before.
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, only for values that are not null.
 */
export function checkViewed(
  views: Uint8Array,
  buffers: readonly Uint8Array[],
  validity: Uint8Array,
  text: boolean,
  name: string,
): void {
  const words = wordsOf(views);
  for (let at = 0, row = 0; at < views.byteLength; at += VIEW_BYTES, row++) {
    if (!isValid(validity, row)) continue;
    const length = words.getInt32(at, true);
    const inline = length <= VIEW_INLINE_BYTES;
    const buffer = inline ? views : (buffers[words.getInt32(at + 8, true)] as Uint8Array);
    const start = inline ? at + 4 : words.getInt32(at + 12, true);
    for (let i = 0; !inline && i < 4; i++) {
      if (views[at + 4 + i] !== buffer[start + i]) throw invalid(`view ${row} differs from its prefix`, name);
    }
    if (text && !isUtf8(buffer, start, start + length)) throw invalid(`the text of value ${row} is not UTF-8`, name);
  }
}

function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
