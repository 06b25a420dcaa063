// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize, PointerType } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { BuildSegment } from './build-segment.js';
import { erase, link } from './link.js';
import { at, checkLength, locateListAt } from './place.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
/** Where short texts are encoded, to know their length before there is room for them. */
const scratch = new Uint8Array(3072);

/** A text's value from byte `index` on; undefined for null. */
export function textAt(segment: BuildSegment, offset: number, index = 0): string | undefined {
  if (segment.isWordZero(offset)) return undefined;
  const bytes = bytesOfText(segment, offset).subarray(index);
  // Decoders of browsers take no shared memory.
  return decoder.decode(bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice());
}

/** Sets a text from byte `index` on, keeping what is before that. */
export function setTextAt(segment: BuildSegment, offset: number, value: string, index = 0): void {
  const bytes = encode(value);
  const length = index + bytes.byteLength;
  checkLength(length + 1);
  const kept = index > 0 && !segment.isWordZero(offset) ? bytesOfText(segment, offset).slice(0, index) : undefined;
  erase(segment, offset);
  const target = segment.roomFor(length + 1);
  const start = target.take(length + 1);
  const view = target.view(start, length);
  view.set(bytes, index);
  if (kept !== undefined) view.set(kept);
  const high = (length + 1) * 8 + ListElementSize.BYTE;
  link(segment, offset, { segment: target, offset: start, kind: PointerType.LIST, high });
}

/** Without the NUL at its end. */
function bytesOfText(segment: BuildSegment, offset: number): Uint8Array {
  locateListAt(segment, offset);
  if (at.element !== ListElementSize.BYTE) throw new CapnpPayloadError('CAPNP_INVALID', 'the field holds no text');
  return at.segment.view(at.content, Math.max(at.count - 1, 0));
}

function encode(value: string): Uint8Array {
  if (value.length * 3 > scratch.byteLength) return encoder.encode(value);
  return scratch.subarray(0, encoder.encodeInto(value, scratch).written);
}
