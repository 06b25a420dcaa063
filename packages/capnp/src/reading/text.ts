// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize } from 'capnp-es';
import { invalid } from '../errors.js';
import type { Segment } from '../stock.js';
import { chargedListPlaceAt } from './list-place.js';
import type { ListPlace } from './places.js';
import { viewOf } from './read-segment.js';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text that the pointer at `at` of a received segment leads to, from byte `from` on; empty for null. */
export function textAt(pointer: Segment, at: number, from = 0): string {
  return text(chargedListPlaceAt(pointer, at), from);
}

/**
 * The text in a list.
 *
 * Follows https://capnproto.org/encoding.html#blobs: a list of bytes, the last of which is NUL.
 */
export function text({ segment, offset, length, kind }: ListPlace, from = 0): string {
  if (length === 0 && kind === ListElementSize.VOID) return '';
  if (kind !== ListElementSize.BYTE) throw invalid('a text field holds a list of something else than bytes');
  if (length === 0 || segment.getUint8(offset + length - 1) !== 0) throw invalid('a text does not end in NUL');
  const bytes = viewOf(segment, offset, length - 1);
  return utf8.decode(from === 0 ? bytes : bytes.subarray(from));
}
