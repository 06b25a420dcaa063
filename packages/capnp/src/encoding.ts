// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError } from './errors.js';

/**
 * The zenoh encoding of a Cap'n Proto message: `application/x-capnp`, with the id of the root struct's type as schema
 * when it is given (`application/x-capnp;0xa3f0c65b1d2e4897`). The id is the 64-bit one of the schema language,
 * lower case, in 16 digits.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for an id outside 64 bits.
 */
export function capnpEncoding(typeId?: bigint): string {
  if (typeId === undefined) return 'application/x-capnp';
  if (typeId < 0n || typeId >= 1n << 64n) {
    throw new CapnpPayloadError('CAPNP_INVALID', `a Cap'n Proto type id has 64 bits, unlike ${typeId}`);
  }
  return `application/x-capnp;0x${typeId.toString(16).padStart(16, '0')}`;
}
