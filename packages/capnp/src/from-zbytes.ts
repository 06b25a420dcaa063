// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { readFrame } from './frame.js';
import { type CapnpLimits, resolveLimits } from './limits.js';
import { unpackPayload } from './packed/unpack.js';
import { ReceivedMessage } from './reading/received-message.js';

/** Options of {@link fromZBytes}: the limits, and the form of the payload. */
export interface FromZBytesOptions extends CapnpLimits {
  /** Whether the payload is in the packed form, which its encoding tells; false unless given. */
  readonly packed?: boolean;
}

/**
 * Opens a payload in the standard stream framing as a capnp-es message, however the payload is cut into slices.
 *
 * The frame is checked against the payload and the limits before anything is allocated, and every pointer when it is
 * followed. The message is read-only and reading never writes: what is absent, and what an older sender did not know,
 * has its default. Every number, pointer, struct and list is read where it lies, at any offset and across slice
 * borders. What copies, counted in `payload.ledger`:
 * - a text or data that a slice border cuts: one `gather` of just its bytes, when it is read (`dataSegments` gives
 *   views instead), and a segment table that one cuts: at most 2 KiB;
 * - `listView` of a list that is not aligned for its elements: one `misaligned`;
 * - what is copied out, by `copy()`, `toArrayBuffer()` or into a message being built: one `copy`.
 * `Data` gives views of received memory: treat them as read-only.
 *
 * The message keeps the payload's memory alive. Disposing either gives the memory back: reading then throws
 * `PAYLOAD_DISPOSED` in `getRoot`, and a `TypeError` where memory was detached under a struct in use.
 *
 * A packed payload is unpacked into new memory first: one `convert` of the unpacked length, and one `gather` of the
 * packed length if it has many slices. The message then does not refer to the payload.
 *
 * Found when a pointer is followed: `CAPNP_INVALID` for one that leaves its segment or leads to something else than the
 * schema says, `CAPNP_LIMIT` for too long a traversal or too deep a nesting, `CAPNP_RANGE` for an element beyond a
 * list's end and for a union's member that is not set, `CAPNP_READ_ONLY` for setters.
 *
 * @throws {CapnpPayloadError} `CAPNP_TRUNCATED` for a payload shorter than its frame says, `CAPNP_INVALID` for trailing
 * bytes, a first segment without a root pointer or an impossible limit, `CAPNP_LIMIT` for too many segments or bytes, or more bytes than
 * a packed payload of its length may unpack to.
 * @throws {CoreError} `PAYLOAD_DISPOSED`.
 */
export function fromZBytes(payload: ZBytes, options: FromZBytesOptions = {}): ReceivedMessage {
  const resolved = resolveLimits(options);
  const message = options.packed === true ? unpackPayload(payload, resolved) : payload;
  return ReceivedMessage.limited(message, readFrame(message, resolved), resolved);
}
