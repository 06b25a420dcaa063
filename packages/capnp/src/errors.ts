// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * Every error code of this package.
 *
 * | code | meaning |
 * |---|---|
 * | `CAPNP_TRUNCATED` | the payload ends before the segments that its frame announces do |
 * | `CAPNP_INVALID` | bytes that are no Cap'n Proto message, or an argument outside its domain |
 * | `CAPNP_LIMIT` | a message larger, or a traversal longer, than the limits allow |
 * | `CAPNP_RUNTIME` | the installed capnp-es is not the one this package was built on |
 */
export type CapnpErrorCode = 'CAPNP_TRUNCATED' | 'CAPNP_INVALID' | 'CAPNP_LIMIT' | 'CAPNP_RUNTIME';

/** A payload that can't be read or written as a Cap'n Proto message; `code` is one of {@link CapnpErrorCode}. */
export class CapnpPayloadError extends ZenohError<CapnpErrorCode> {
  override readonly name = 'CapnpPayloadError';
}

/** What capnp-es threw over the message's bytes, as an error of this package; our own errors pass as they are. */
export function asInvalid(what: string, cause: unknown): unknown {
  if (cause instanceof ZenohError) return cause;
  return new CapnpPayloadError('CAPNP_INVALID', what, { cause });
}
