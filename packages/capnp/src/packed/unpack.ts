// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytes } from '@zenoh-segments/core';
import { CapnpPayloadError } from '../errors.js';
import { type FrameSegment, readCount, readTable, tableLength } from '../frame.js';
import type { ResolvedLimits } from '../limits.js';
import { LARGEST_ITEM, unpackWords } from './unpack-words.js';

/** What any message may unpack to, whatever its packed length: a few zero words already unpack to 1024 times theirs. */
const SMALL_ENOUGH = 16 * 1024 * 1024;
/** Two bytes, a tag of zero and a count, stand for at most this many: no packed stream unpacks to more. */
const BEST_RATIO = LARGEST_ITEM / 2;

/**
 * The message in a packed payload, as a payload of one segment in new memory. Copies are counted in the payload's ledger
 * (and in the new one's): `convert`, the unpacked length; and `gather`, the packed length, of a payload of many slices.
 *
 * The frame at the start of the message tells how long it is; it is believed only within the limits, and as far as the
 * packed length can stand for it.
 *
 * @throws {CapnpPayloadError} `CAPNP_TRUNCATED`, `CAPNP_INVALID`, `CAPNP_LIMIT`, as `fromZBytes` says.
 */
export function unpackPayload(payload: ZBytes, limits: ResolvedLimits): ZBytes {
  const unpacked = new ZBytes(unpack(payload.range(0, payload.length), limits));
  unpacked.ledger.attach(payload.ledger);
  unpacked.ledger.count('convert', unpacked.length);
  return unpacked;
}

function unpack(packed: Uint8Array, limits: ResolvedLimits): Uint8Array {
  const length = messageLength(packed, limits);
  const allowed = SMALL_ENOUGH + limits.packedRatio * packed.length;
  if (length > allowed) {
    throw new CapnpPayloadError(
      'CAPNP_LIMIT',
      `${packed.length} packed bytes for a message of ${length} are more than ${limits.packedRatio} to one`,
    );
  }
  const memory = memoryFor(packed, length);
  const end = unpackWords(packed, memory, length);
  if (end === packed.length) return memory;
  throw new CapnpPayloadError('CAPNP_INVALID', `${packed.length - end} packed bytes follow the last segment`);
}

/** The unpacked length, header included, that the frame tells; only the frame is unpacked for it. */
function messageLength(packed: Uint8Array, limits: ResolvedLimits): number {
  const first = beginning(packed, 8);
  const count = readCount(first, limits);
  const length = tableLength(count);
  const table = length === 8 ? first : beginning(packed, length);
  const segments = readTable(new DataView(table.buffer, 4, 4 * count), limits);
  return (segments.at(-1) as FrameSegment).end;
}

/** The first `length` bytes unpacked, with what the last tag brings beyond them. */
function beginning(packed: Uint8Array, length: number): DataView {
  const memory = memoryFor(packed, length, LARGEST_ITEM);
  unpackWords(packed, memory, length);
  return new DataView(memory.buffer);
}

/** Allocates for `length` bytes, and `more`, only what so many packed bytes can stand for. */
function memoryFor(packed: Uint8Array, length: number, more = 0): Uint8Array<ArrayBuffer> {
  if (length <= packed.length * BEST_RATIO) return new Uint8Array(length + more);
  const what = `${packed.length} packed bytes can't hold ${length}`;
  throw new CapnpPayloadError('CAPNP_TRUNCATED', `no complete Cap'n Proto message: ${what}`);
}
