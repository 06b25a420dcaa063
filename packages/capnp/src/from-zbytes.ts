// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import type { Message } from 'capnp-es';
import { readFrame } from './frame.js';
import { type CapnpLimits, resolveLimits } from './limits.js';
import { ReceivedMessage } from './received/received-message.js';

/**
 * Opens a payload in the standard stream framing as a capnp-es message, however the payload is cut into slices.
 *
 * The frame is checked against the payload and the limits before anything is allocated. What copies, counted in
 * `payload.ledger`:
 * - a segment (or the table) that a slice border cuts: one `gather` of just that segment, here;
 * - a segment in which a list, data or struct that is absent, a default text, or a struct or struct list of an older
 *   sender is read: one `copy` of it, then, because capnp-es fills them in where it reads. Ask `_hasField()` first to
 *   avoid it;
 * - a segment that is written, dumped, packed, joined by `toArrayBuffer` or printed in an error of capnp-es: one `copy`
 *   of it, then;
 * - nothing else. `Data` gives views of received memory: treat them as read-only.
 *
 * The message is valid until the payload is disposed; what lies in received memory then throws `TypeError`. The message
 * may be written: that changes the private copy only.
 *
 * Pointers are checked when they are followed, and none reads outside its segment. What `getRoot`, far pointers, the
 * lengths of lists, texts and data, and the limits on traversal and allocation find is a {@link CapnpPayloadError}; a
 * pointer of the wrong kind, out of its segment or too deep gives capnp-es's own `Error` (its text starts with
 * `CAPNP-TS`) or a `RangeError`.
 *
 * @throws {CapnpPayloadError} `CAPNP_TRUNCATED` for a payload shorter than its frame says, `CAPNP_INVALID` for trailing
 * bytes, a first segment without a root pointer or an impossible limit, `CAPNP_LIMIT` for too many segments or bytes.
 * @throws {CoreError} `PAYLOAD_DISPOSED`.
 */
export function fromZBytes(payload: ZBytes, limits: CapnpLimits = {}): Message {
  const resolved = resolveLimits(limits);
  return new ReceivedMessage(payload, readFrame(payload, resolved), resolved);
}
