// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Encoding, type IntoEncoding } from '@zenoh-segments/core';
import type { Struct, StructCtor } from 'capnp-es';
import { capnpEncoding, parseCapnpEncoding } from '../encoding.js';
import { CapnpPayloadError } from '../errors.js';
import { quoted } from './quoted.js';

/** How a type is called, in the schema and in encodings. */
export interface TypeNames {
  readonly name: string;
  readonly typeId: bigint;
  readonly encoding: string;
  readonly packedEncoding: string;
}

export function namesOf({ _capnp: { displayName, id } }: StructCtor<Struct>): TypeNames {
  const typeId = BigInt(`0x${id}`);
  return {
    name: displayName,
    typeId,
    encoding: capnpEncoding(typeId),
    packedEncoding: capnpEncoding(typeId, { packed: true }),
  };
}

const NOTHING_TOLD = Encoding.default().toString();

/**
 * Whether a message of this type is packed, by its encoding.
 *
 * @throws {CapnpPayloadError} `CAPNP_TYPE` for another type or another format; the text names both
 */
export function isPacked(encoding: IntoEncoding, expected: TypeNames): boolean {
  const text = Encoding.from(encoding).toString();
  // Most samples are of the very encoding: no need to take it apart.
  if (text === expected.encoding || text === NOTHING_TOLD) return false;
  const found = parseCapnpEncoding(text);
  if (found !== undefined && (found.typeId === undefined || found.typeId === expected.typeId)) return found.packed;
  const { name, encoding: own } = expected;
  throw new CapnpPayloadError(
    'CAPNP_TYPE',
    `a payload of encoding ${quoted(text)} can't be read as ${name}, whose encoding is \`${own}\``,
  );
}
