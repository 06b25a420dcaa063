// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { IntoEncoding } from '@zenoh-segments/core';
import { CapnpPayloadError } from './errors.js';

const PLAIN = 'application/x-capnp';
const PACKED = 'application/x-capnp-packed';
const FORM = /^(application\/x-capnp(?:-packed)?)(?:;0x([0-9a-f]{1,16}))?$/i;

/** Options of {@link capnpEncoding}. */
export interface CapnpEncodingOptions {
  /** Whether the payload is in the packed form: `application/x-capnp-packed`. */
  readonly packed?: boolean;
}

/** What an encoding says about a Cap'n Proto payload: see {@link parseCapnpEncoding}. */
export interface ParsedCapnpEncoding {
  readonly packed: boolean;
  /** The id of the root struct's type; absent when the encoding does not name one. */
  readonly typeId?: bigint;
}

/**
 * The zenoh encoding of a Cap'n Proto message: `application/x-capnp`, or `application/x-capnp-packed`, with the id of
 * the root struct's type as schema when it is given (`application/x-capnp;0xa3f0c65b1d2e4897`). The id is the 64-bit
 * one of the schema language, lower case, in 16 digits.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for an id outside 64 bits.
 */
export function capnpEncoding(typeId?: bigint, { packed = false }: CapnpEncodingOptions = {}): string {
  const format = packed ? PACKED : PLAIN;
  if (typeId === undefined) return format;
  if (typeId < 0n || typeId >= 1n << 64n) {
    throw new CapnpPayloadError('CAPNP_INVALID', `a Cap'n Proto type id has 64 bits, unlike ${typeId}`);
  }
  return `${format};0x${typeId.toString(16).padStart(16, '0')}`;
}

/**
 * Reads an encoding of the form that {@link capnpEncoding} writes. Upper case and an id without its leading zeros are
 * understood too; undefined for every other encoding, one with another kind of schema included.
 */
export function parseCapnpEncoding(encoding: IntoEncoding): ParsedCapnpEncoding | undefined {
  const found = FORM.exec(encoding.toString());
  if (found === null) return undefined;
  const packed = found[1]?.toLowerCase() === PACKED;
  return found[2] === undefined ? { packed } : { packed, typeId: BigInt(`0x${found[2]}`) };
}
