// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * Every error code of this package.
 *
 * | code | meaning |
 * |---|---|
 * | `CAPNP_TRUNCATED` | the payload ends before the segments that its frame announces do |
 * | `CAPNP_INVALID` | bytes that are no Cap'n Proto message, or an argument outside its domain |
 * | `CAPNP_LIMIT` | a message larger, deeper, or a traversal longer, than the limits allow |
 * | `CAPNP_RANGE` | an element beyond the end of a list, or a union's member that is not the one set |
 * | `CAPNP_READ_ONLY` | a setter was called on a received message; `copy()` makes one that may be written |
 * | `CAPNP_TYPE` | a payload whose encoding names another type or another format than the one to be read |
 * | `CAPNP_KEY` | a query to a topic whose key leaves a parameter open that the reply's key needs; its `cause` is a `KeFormatError` whose `field` names it |
 * | `CAPNP_REPLY` | a queryable of a topic answered with an error; its `cause` is the `ReplyError` |
 * | `CAPNP_RUNTIME` | the installed capnp-es is not the one this package was built on |
 */
export type CapnpErrorCode =
  | 'CAPNP_TRUNCATED'
  | 'CAPNP_INVALID'
  | 'CAPNP_LIMIT'
  | 'CAPNP_RANGE'
  | 'CAPNP_READ_ONLY'
  | 'CAPNP_TYPE'
  | 'CAPNP_KEY'
  | 'CAPNP_REPLY'
  | 'CAPNP_RUNTIME';

/** A payload that can't be read or written as a Cap'n Proto message; `code` is one of {@link CapnpErrorCode}. */
export class CapnpPayloadError extends ZenohError<CapnpErrorCode> {
  override readonly name = 'CapnpPayloadError';
}

/** The bytes are no Cap'n Proto message. */
export function invalid(what: string): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_INVALID', what);
}

/** What capnp-es threw over the message's bytes, as an error of this package; our own errors pass as they are. */
export function asInvalid(what: string, cause: unknown): unknown {
  if (cause instanceof ZenohError) return cause;
  return new CapnpPayloadError('CAPNP_INVALID', what, { cause });
}

/** Something would write to a received message. */
export function readOnly(): CapnpPayloadError {
  return new CapnpPayloadError(
    'CAPNP_READ_ONLY',
    'a received message is read-only: other readers share its memory; copy() makes one that may be written',
  );
}
