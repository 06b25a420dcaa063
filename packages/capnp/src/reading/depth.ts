// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Pointer } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';

/** How deep what a pointer leads to may still nest. @throws {CapnpPayloadError} `CAPNP_LIMIT`. */
export function depthBelow(pointer: Pointer): number {
  const depth = pointer._capnp.depthLimit - 1;
  if (depth >= 1) return depth;
  throw new CapnpPayloadError('CAPNP_LIMIT', 'pointers nest deeper than the limit allows; raise `depth` if they may');
}
